import pytest

pytestmark = [pytest.mark.slow, pytest.mark.integration]


def test_never():
    raise AssertionError("left out by -m")
