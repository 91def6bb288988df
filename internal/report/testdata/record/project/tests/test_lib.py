import numpy


def test_mean():
    assert numpy.mean([1, 3]) == 2
