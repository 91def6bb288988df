"""How long the steps take, on logs as long as real ones."""

import math

import pytest

from s01_load_data import WellLog
from s02_clean import remove_spikes
from s03_interpolate import monotone_cubic, regular_grid, resample
from s04_fit import fit_line, fit_line_robust

# Rounds for a quarter of a second: enough for a stable median of these.
pytestmark = [pytest.mark.performance, pytest.mark.benchmark(max_time=0.25)]

N = 1000


@pytest.fixture(scope="module")
def curve():
    return [80 + 40 * math.sin(i / 30) + (300 if i % 97 == 0 else 0) for i in range(N)]


def test_despiking(benchmark, curve):
    assert max(benchmark(remove_spikes, curve)) < 200


def test_resampling(benchmark, curve):
    log = WellLog("P", [2000 + i / 2 for i in range(N)], {"GR": curve})
    grid = regular_grid(2000, 2499, 0.25)
    out = benchmark(resample, log, grid, "cubic")
    assert len(out) == len(grid)


def test_making_an_interpolant(benchmark, curve):
    depth = [float(i) for i in range(N)]
    assert benchmark(monotone_cubic, depth, curve)(0.0) == curve[0]


def test_least_squares(benchmark, curve):
    fit = benchmark(fit_line, range(N), curve)
    assert abs(fit.slope) < 1


@pytest.mark.parametrize("n", [50, 150])
def test_robust_line(benchmark, n, curve):
    """Quadratic in the number of samples; two sizes, to see it."""
    fit = benchmark(fit_line_robust, range(n), curve[:n])
    assert math.isfinite(fit.slope)
