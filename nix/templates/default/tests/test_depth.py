import pytest

from depth import feet_to_metres


def test_feet_to_metres():
    assert feet_to_metres(100) == pytest.approx(30.48)
