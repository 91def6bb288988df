import pytest
from clean import slope


def test_fit():
    assert slope([(1, 1)]) == 1


@pytest.mark.performance
def test_fit_speed(benchmark):
    assert benchmark(slope, [(i, 2 * i) for i in range(1, 200)]) == 2
