"""Step 2."""

import math

import pytest

from s01_load_data import WellLog
from s02_clean import clean, drop_empty_rows, mask_unphysical, remove_spikes, sort_by_depth

NAN = math.nan


def log(depth, **curves):
    return WellLog("T", list(depth), {k: list(v) for k, v in curves.items()})


def test_sorting_averages_what_was_logged_twice():
    sorted_log = sort_by_depth(log([3, 1, 2, 1], GR=[30, 10, 20, 14]))
    assert sorted_log.depth == [1, 2, 3]
    assert sorted_log.curves["GR"] == [12, 20, 30]


def test_of_two_rows_at_a_depth_a_nan_does_not_count():
    assert sort_by_depth(log([1, 1], GR=[NAN, 14])).curves["GR"] == [14]


def test_unphysical_values_become_nan():
    masked = mask_unphysical(log([1, 2, 3], PHI=[0.2, 0.9, -0.1], XYZ=[1e9, -1e9, 0]))
    assert masked.curves["PHI"][0] == 0.2
    assert math.isnan(masked.curves["PHI"][1]) and math.isnan(masked.curves["PHI"][2])
    assert masked.curves["XYZ"] == [1e9, -1e9, 0]


def test_a_spike_becomes_the_median_around_it():
    values = [1.0, 1.1, 0.9, 9.0, 1.0, 1.2, 0.8]
    assert remove_spikes(values) == [1.0, 1.1, 0.9, 1.0, 1.0, 1.2, 0.8]


def test_a_step_is_no_spike():
    values = [1.0, 1.1, 1.0, 1.2, 5.0, 5.1, 5.0, 5.2]
    assert remove_spikes(values) == values


def test_despiking_leaves_nan_and_constant_curves_alone():
    assert remove_spikes([2.0, 2.0, 2.0, 2.0]) == [2.0, 2.0, 2.0, 2.0]
    out = remove_spikes([1.0, NAN, 1.2, 1.1])
    assert math.isnan(out[1]) and out[2:] == [1.2, 1.1]


def test_window_must_have_a_width():
    with pytest.raises(ValueError, match="half_width"):
        remove_spikes([1.0], half_width=0)


def test_empty_rows_are_dropped():
    kept = drop_empty_rows(log([1, 2, 3], GR=[NAN, NAN, 3], PHI=[0.1, NAN, NAN]))
    assert kept.depth == [1, 3]


def test_cleaning_a_real_well(well_a1):
    cleaned = clean(well_a1)
    assert len(cleaned) == 120  # one row was logged twice
    assert cleaned.depth == sorted(cleaned.depth)
    gamma = [v for v in cleaned.curves["GR"] if not math.isnan(v)]
    assert max(gamma) < 200  # 880 API was no rock
    assert min(cleaned.curves["RHOB"]) > 2.0  # 1.2 g/cm3 was the tool off the wall


def test_cleaning_changes_nothing_in_its_input(well_a1):
    before = (list(well_a1.depth), {k: [repr(x) for x in v] for k, v in well_a1.curves.items()})
    clean(well_a1)
    after = (list(well_a1.depth), {k: [repr(x) for x in v] for k, v in well_a1.curves.items()})
    assert before == after
