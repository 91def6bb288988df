import pytest
from shapes import area


@pytest.mark.parametrize("side", range(8))
def test_squares(side):
    assert area(side, side) == side**2


@pytest.mark.compatibility
def test_area_of_nothing():
    assert area(0, 5) == 0
