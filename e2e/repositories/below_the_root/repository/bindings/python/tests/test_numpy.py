import pytest

numpy = pytest.importorskip("numpy")


def test_sum():
    assert numpy.ones(3).sum() == 3
