import pytest


def test_one():
    pytest.importorskip("a_package_that_nobody_has")


def test_two():
    assert pytest.importorskip("json").loads("1") == 1
