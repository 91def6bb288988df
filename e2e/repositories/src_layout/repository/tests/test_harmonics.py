import math

import pytest

import tide_tables
from tide_tables import Constituent, height


def test_the_sum_of_nothing_is_the_datum():
    assert height([], 3.0, datum=1.25) == 1.25


@pytest.mark.parametrize(("hours", "expected"), [(0, 2.0), (6, -2.0), (12, 2.0)], ids=["high", "low", "high again"])
def test_one_constituent(hours, expected):
    assert height([Constituent("twelve hours", 2.0, 30.0)], hours) == pytest.approx(expected)


def test_station_is_bounded(station):
    limit = sum(c.amplitude for c in station)
    assert all(abs(height(station, h)) <= limit for h in range(48))


def test_fixture_of_the_plugin(flat_station):
    assert height(flat_station, 5) == 0


def test_origin(origin):
    assert origin == "tests"


@pytest.mark.xfail(reason="the phase is not wrapped")
def test_phase_is_wrapped():
    assert Constituent("a", 1, 1, 370) == Constituent("a", 1, 1, 10)


@pytest.mark.xfail(raises=ZeroDivisionError)
def test_expected_to_fail_and_does_not():
    assert math.isfinite(height([Constituent("a", 1, 0)], 0))


def test_fails_on_purpose():
    assert tide_tables.height([Constituent("a", 1, 0)], 0) == 2
