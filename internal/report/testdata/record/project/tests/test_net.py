import socket
import sqlite3
import sys

import pytest


def test_lookup():
    socket.getaddrinfo("wells.example.org", 80)


@pytest.mark.integration
def test_database(tmp_path, record_property):
    record_property("external_dependency", "sqlite")
    with sqlite3.connect(tmp_path / "wells.db") as db:
        assert db.execute("select 1").fetchone() == (1,)


@pytest.mark.integration
def test_service(record_property):
    record_property("external_dependency", "http service")
    assert sys.version_info >= (3, 10)
