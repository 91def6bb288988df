"""What may differ between versions of Python and its packages, each by itself.

The table of these tests by environment says which conveniences the code may use, and which it must not yet.
"""

import dataclasses
import datetime
import json
import math
import random
import sqlite3
import statistics
import sys

import pytest

pytestmark = pytest.mark.compatibility

before_310 = pytest.mark.xfail(sys.version_info < (3, 10), reason="new in Python 3.10")
before_311 = pytest.mark.xfail(sys.version_info < (3, 11), reason="new in Python 3.11")


@pytest.mark.parametrize("value, text", [(0.1 + 0.2, "0.30000000000000004"), (1e16, "1e+16"), (-0.0, "-0.0")])
def test_shortest_float_text(value, text):
    assert repr(value) == text and float(text) == value


def test_rounding_is_half_to_even():
    assert [round(x) for x in (0.5, 1.5, 2.5)] == [0, 2, 2]
    assert f"{2.675:.2f}" == "2.67"


def test_sorting_is_stable_and_nan_does_not_move_others():
    rows = [("b", 1), ("a", 1), ("c", 0)]
    assert sorted(rows, key=lambda r: r[1]) == [("c", 0), ("b", 1), ("a", 1)]


def test_random_numbers_of_a_seed():
    """Bootstrap intervals are published: the stream of a seed may never change."""
    generator = random.Random(1)
    assert [generator.random() for _ in range(2)] == [0.13436424411240122, 0.8474337369372327]
    assert random.Random(1).choices("abcdef", k=6) == ["a", "f", "e", "b", "c", "c"]


def test_json_keeps_floats():
    values = [1 / 3, 1e-308, 5e-324, 2.0**70]
    assert json.loads(json.dumps(values)) == values


def test_quantiles():
    assert statistics.quantiles([1, 2, 3, 4], n=4, method="inclusive") == [1.75, 2.5, 3.25]


@before_310
def test_linear_regression_in_the_library():
    slope, intercept = statistics.linear_regression([1, 2, 3], [3, 5, 7])
    assert (slope, intercept) == (pytest.approx(2), pytest.approx(1))


@before_310
def test_zip_that_checks_lengths():
    with pytest.raises(ValueError, match="shorter"):
        list(zip([1, 2], [1], strict=True))


@before_310
def test_dataclass_with_slots():
    point = dataclasses.make_dataclass("Point", ["x"], slots=True)(1)
    with pytest.raises(AttributeError):
        point.y = 2


@before_311
def test_time_of_a_log_header():
    """Our headers end in Z. Until 3.11 the library took +00:00 alone."""
    when = datetime.datetime.fromisoformat("2023-09-14T06:30:00Z")
    assert when.utcoffset() == datetime.timedelta(0)


@before_311
def test_weighted_mean_in_the_library():
    assert statistics.fmean([1.0, 2.0], weights=[3, 1]) == 1.25


@before_311
def test_cube_root():
    assert math.cbrt(27.0) == pytest.approx(3.0)


def test_settings_in_toml():
    tomllib = pytest.importorskip("tomllib", reason="the standard library has no TOML reader before Python 3.11")
    assert tomllib.loads("step = 0.5") == {"step": 0.5}


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 35), reason=f"SQLite {sqlite3.sqlite_version} is older than 3.35")
def test_sqlite_returns_what_it_wrote():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (x REAL)")
    assert connection.execute("INSERT INTO t VALUES (1.5) RETURNING x").fetchall() == [(1.5,)]
    connection.close()


def test_numpy_mean_is_pairwise():
    numpy = pytest.importorskip("numpy")
    values = numpy.full(10**6, 0.1, dtype=numpy.float32)
    assert abs(float(values.mean()) - 0.1) < 1e-6


def test_numpy_scalars_print_as_plain_numbers():
    """NumPy 2 writes np.float64(0.5): reports must convert first."""
    numpy = pytest.importorskip("numpy")
    if int(numpy.__version__.split(".")[0]) >= 2:
        pytest.xfail("NumPy 2 prints the type of a scalar")
    assert repr(numpy.float64(0.5)) == "0.5"
