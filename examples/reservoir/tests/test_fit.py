"""Step 4."""

import math

import pytest

from s04_fit import (
    archie_saturation,
    bootstrap_slope,
    fit_compaction,
    fit_line,
    fit_line_robust,
    fit_permeability,
)


def test_a_line_is_found_exactly():
    x = [2000.0 + i / 2 for i in range(200)]
    fit = fit_line(x, [3.0 - 0.25 * v for v in x])
    assert fit.slope == pytest.approx(-0.25, rel=1e-12)
    assert fit.intercept == pytest.approx(3.0, rel=1e-9)
    assert fit.r2 == pytest.approx(1.0)
    assert fit(2000.0) == pytest.approx(-497.0)


def test_residuals_are_orthogonal_to_x():
    """The normal equations, whatever the data."""
    x = [0.0, 1.0, 2.0, 4.0, 7.0]
    y = [1.0, 0.0, 5.0, 3.0, 9.0]
    fit = fit_line(x, y)
    residuals = [b - fit(a) for a, b in zip(x, y)]
    assert sum(residuals) == pytest.approx(0, abs=1e-12)
    assert sum(a * r for a, r in zip(x, residuals)) == pytest.approx(0, abs=1e-12)


def test_nan_is_left_out():
    assert fit_line([0, 1, 2, 3], [0, math.nan, 4, 6]).slope == pytest.approx(2)


@pytest.mark.parametrize("fit", [fit_line, fit_line_robust])
@pytest.mark.parametrize("x, y", [([1], [2]), ([1, 1], [2, 3]), ([1, 2], [2]), ([1, math.nan], [1, 2])])
def test_no_line(fit, x, y):
    with pytest.raises(ValueError):
        fit(x, y)


def test_constant_data_has_a_perfect_flat_line():
    fit = fit_line([0, 1, 2], [5, 5, 5])
    assert (fit.intercept, fit.slope, fit.r2) == (5, 0, 1)


def test_robust_line_ignores_outliers():
    x = list(range(20))
    y = [2.0 * v + 1 for v in x]
    y[3], y[11], y[17] = 900.0, -700.0, 1e4
    fit = fit_line_robust(x, y)
    assert fit.slope == pytest.approx(2.0)
    assert fit.intercept == pytest.approx(1.0)
    assert abs(fit_line(x, y).slope - 2.0) > 10


def test_permeability_skips_tight_samples():
    porosity = [0.10, 0.15, 0.20, 0.25]
    permeability = [10 ** (-1 + 15 * p) for p in porosity]
    fit = fit_permeability(porosity + [0.05], permeability + [0.0])
    assert fit.intercept == pytest.approx(-1)
    assert fit.slope == pytest.approx(15)


def test_compaction_law():
    depth = [1000.0 + 50 * i for i in range(30)]
    phi0, c = fit_compaction(depth, [0.45 * math.exp(-3e-4 * z) for z in depth])
    assert phi0 == pytest.approx(0.45)
    assert c == pytest.approx(3e-4)


def test_archie():
    assert archie_saturation(0.2, 5.0, 0.05) == pytest.approx(0.5)
    assert archie_saturation(0.2, 0.5, 0.05) == 1.0  # never more than all
    assert math.isnan(archie_saturation(math.nan, 5.0, 0.05))
    with pytest.raises(ValueError):
        archie_saturation(0.0, 5.0, 0.05)


def test_bootstrap_holds_the_slope_and_repeats():
    x = [i / 10 for i in range(40)]
    y = [1.5 * v + 0.1 * math.sin(17 * v) for v in x]
    low, high = bootstrap_slope(x, y)
    assert low < 1.5 < high < low + 0.2
    assert (low, high) == bootstrap_slope(x, y)


def test_agrees_with_numpy():
    numpy = pytest.importorskip("numpy")
    x = [0.1 * i for i in range(50)]
    y = [math.cos(v) for v in x]
    slope, intercept = numpy.polyfit(x, y, 1)
    fit = fit_line(x, y)
    assert (fit.slope, fit.intercept) == (pytest.approx(slope), pytest.approx(intercept))
