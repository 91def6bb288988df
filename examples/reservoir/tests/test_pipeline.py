"""All steps in a row, as the group runs them on Fridays."""

import math

import pytest

from s01_load_data import load_from_folder
from s02_clean import clean
from s03_interpolate import regular_grid, resample
from s04_fit import archie_saturation, bootstrap_slope, fit_compaction, fit_permeability
from s05_store import ResultStore, export_csv

pytestmark = pytest.mark.integration


def fit_well(folder, well):
    """One well from file to fitted parameters."""
    log = clean(load_from_folder(folder, well))
    grid = regular_grid(math.ceil(log.depth[0]), log.depth[-1], 1.0)
    log = resample(log, grid, method="cubic")
    seen = [
        (d, p, k)
        for d, p, k in zip(log.depth, log.curves["PHI"], log.curves["PERM"])
        if not (math.isnan(p) or math.isnan(k))
    ]
    depth, porosity, permeability = zip(*seen)
    return log, fit_permeability(porosity, permeability), fit_compaction(depth, porosity)


@pytest.mark.parametrize("well", ["A-1", "A-2", "B-7"])
def test_fits_find_what_the_logs_were_made_from(well, wells_folder, tmp_path, record_property):
    """The sample logs are synthetic: log10 k = a + b phi with a in -1.4 … -1.1 and b in 17.5 … 19, plus noise."""
    record_property("external_dependency", "sqlite")
    log, line, _ = fit_well(wells_folder, well)
    assert line.slope == pytest.approx(18.25, abs=2.0)
    assert line.intercept == pytest.approx(-1.25, abs=0.5)
    assert line.r2 > 0.6

    with ResultStore(tmp_path / "fits.db") as store:
        store.save(well, "permeability", {"a": line.intercept, "b": line.slope})
        assert store.load(well, "permeability")["b"] == line.slope


def test_water_lies_below_oil(wells_folder, tmp_path, record_property):
    record_property("external_dependency", "filesystem")
    log, _, _ = fit_well(wells_folder, "A-1")
    rows = [
        {"depth": d, "sw": archie_saturation(p, r, water_resistivity=0.05)}
        for d, p, r in zip(log.depth, log.curves["PHI"], log.curves["RT"])
        if not (math.isnan(p) or math.isnan(r))
    ]
    assert export_csv(tmp_path / "saturation.csv", rows, ["depth", "sw"]) == len(rows)
    oil = [r["sw"] for r in rows if r["depth"] < 2038]
    water = [r["sw"] for r in rows if r["depth"] > 2046]
    assert max(oil) < 0.6 < min(water)


@pytest.mark.slow
def test_uncertainty_of_every_well(wells_folder, record_property):
    """The interval of each slope holds a slope that the logs may have been made from."""
    record_property("external_dependency", "filesystem")
    for well in ("A-1", "A-2", "B-7"):
        log = clean(load_from_folder(wells_folder, well))
        pairs = [(p, math.log10(k)) for p, k in zip(log.curves["PHI"], log.curves["PERM"]) if p > 0 and k > 0]
        low, high = bootstrap_slope([p for p, _ in pairs], [k for _, k in pairs], draws=1500)
        assert low < 19.5 and high > 17.0
        assert high - low < 5
