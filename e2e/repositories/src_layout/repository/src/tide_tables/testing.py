"""A pytest plugin, registered by the distribution's metadata."""

import pytest

from .harmonics import Constituent


@pytest.fixture
def flat_station():
    return [Constituent("flat", 0.0, 1.0)]


def pytest_report_header():
    return "tide-tables: plugin loaded"
