"""Step 3."""

import math

import pytest

from s01_load_data import WellLog
from s03_interpolate import linear, monotone_cubic, regular_grid, resample

METHODS = {"linear": linear, "cubic": monotone_cubic}


def test_grid_does_not_add_up_rounding_errors():
    grid = regular_grid(0.0, 100.0, 0.1)
    assert len(grid) == 1001
    assert grid[-1] == pytest.approx(100.0, abs=1e-12)


@pytest.mark.parametrize("top, bottom, step", [(0, 1, 0), (0, 1, -1), (2, 1, 0.5)])
def test_impossible_grids(top, bottom, step):
    with pytest.raises(ValueError, match="no grid"):
        regular_grid(top, bottom, step)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_exact_at_the_points_and_on_a_line(method):
    x = [0.0, 0.3, 1.0, 2.5]
    at = METHODS[method](x, [2 * v + 1 for v in x])
    for xi in x + [0.1, 0.77, 2.4]:
        assert at(xi) == pytest.approx(2 * xi + 1, rel=1e-14)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_nothing_outside_the_points(method):
    at = METHODS[method]([0.0, 1.0], [5.0, 6.0])
    assert math.isnan(at(-0.001)) and math.isnan(at(1.001))


def test_cubic_never_overshoots():
    x = [0, 1, 2, 3, 4]
    y = [0.0, 0.0, 1.0, 1.0, 0.2]
    at = monotone_cubic(x, y)
    values = [at(i / 50) for i in range(201)]
    assert min(values) >= 0.0 and max(values) <= 1.0
    rising = values[50:101]
    assert rising == sorted(rising)


def test_cubic_converges_faster_than_linear():
    """On a smooth monotone curve, half the step gives a quarter of linear's error and an eighth of the cubic's, away
    from the ends, where the cubic's derivative is one-sided."""

    def worst(make, n):
        x = [i / n for i in range(n + 1)]
        at = make(x, [math.exp(v) for v in x])
        return max(abs(at(i / 1000) - math.exp(i / 1000)) for i in range(100, 901))

    assert worst(linear, 20) / worst(linear, 40) == pytest.approx(4, rel=0.1)
    assert worst(monotone_cubic, 20) / worst(monotone_cubic, 40) > 7


@pytest.mark.parametrize("x, y", [([0, 1], [0]), ([0], [0]), ([0, 0], [1, 2]), ([1, 0], [1, 2])])
@pytest.mark.parametrize("method", sorted(METHODS))
def test_bad_points(method, x, y):
    with pytest.raises(ValueError):
        METHODS[method](x, y)


def test_gaps_stay_gaps():
    log = WellLog("T", [0.0, 1.0, 11.0, 12.0], {"GR": [1.0, 2.0, 12.0, 13.0]})
    gr = resample(log, [0.5, 1.0, 6.0, 11.0, 11.5], max_gap=5.0).curves["GR"]
    assert math.isnan(gr[2])
    assert [gr[i] for i in (0, 1, 3, 4)] == [1.5, 2.0, 12.0, 12.5]


def test_a_curve_with_one_value_cannot_be_resampled():
    log = WellLog("T", [0.0, 1.0], {"GR": [1.0, math.nan]})
    assert math.isnan(resample(log, [0.0]).curves["GR"][0])


def test_unknown_method():
    with pytest.raises(ValueError, match="cubic, linear"):
        resample(WellLog("T", [0.0, 1.0], {}), [0.5], method="spline")


def test_agrees_with_numpy():
    numpy = pytest.importorskip("numpy")
    x = [0.0, 0.4, 1.0, 3.0]
    y = [1.0, -2.0, 0.5, 4.0]
    at = linear(x, y)
    xi = numpy.linspace(0, 3, 301)
    assert numpy.allclose(numpy.interp(xi, x, y), [at(float(v)) for v in xi], atol=1e-13)
