import sys

import pytest
from clean import depth, slope


def test_depth():
    assert depth(["1.5"]) == 1.5


def test_slope():
    assert slope([(1, 2), (2, 4)]) == 3


def test_slope_again():
    assert slope([(1, 3), (2, 6)]) == 2


def test_bad_row():
    assert depth(["x"]) == 0


def test_bad_row_too():
    assert depth(["y"]) == 0


@pytest.mark.skipif(sys.version_info < (3, 10), reason="needs zip's strict")
def test_strict():
    assert list(zip([1], [2], strict=True))


@pytest.mark.xfail(reason="not written yet")
def test_units():
    assert depth(["3 ft"]) == 0.9144


@pytest.mark.xfail(reason="was broken")
def test_was_broken():
    assert depth(None) == 0
