import pytest


@pytest.mark.performance
def test_sum():
    assert sum(range(100)) == 4950
