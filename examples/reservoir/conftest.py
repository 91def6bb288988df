"""Shared by all Python tests: the option --slow and the sample wells."""

from pathlib import Path

import pytest


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also run tests marked slow")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


@pytest.fixture
def wells_folder():
    """The folder with the logs of the sample wells A-1, A-2 and B-7."""
    return Path(__file__).parent / "data" / "wells"


@pytest.fixture
def well_a1(wells_folder):
    """The log of well A-1 as it was delivered."""
    from s01_load_data import load_well_log

    return load_well_log(wells_folder / "A-1.csv")
