import pytest
from shapes import area


def test_area():
    assert area(2, 3) == 6


def test_negative():
    with pytest.raises(ValueError):
        area(-1, 1)


@pytest.mark.integration
def test_integration(record_property):
    record_property("external_dependency", "none")
    assert area(1, 1) == 1
