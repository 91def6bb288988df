import numpy as np
import pytest

from pkg.mod_{{module}} import clamp


@pytest.fixture
def values():
    return np.linspace(-1.0, 1.0, {{number}} + 100)


def test_clip(values):
    assert np.array_equal(np.clip(values, -0.5, 0.5), [clamp(v, -0.5, 0.5) for v in values])


@pytest.mark.parametrize("size", [4, 16, 64])
def test_solve(size):
    matrix = np.eye(size) * 3 + np.ones((size, size))
    right = np.arange(size, dtype=float)
    assert np.allclose(matrix @ np.linalg.solve(matrix, right), right)


def test_statistics(values):
    assert values.mean() == pytest.approx(0.0, abs=1e-12)
    assert values.std() > 0.5
