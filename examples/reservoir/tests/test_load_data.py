"""Step 1. Has tests of three types, so that one file can be run as each of them."""

import math
import sqlite3
from pathlib import Path

import pytest

from s01_load_data import LogFormatError, load_from_folder, load_well_log, parse_well_log

SMALL = """\
# well: X-1
# logged by: Ada, B. and C.
DEPTH,PHI
m,v/v
1000.0,0.21
1000.5,-999.25
1001.0,
"""


def test_header_columns_and_units():
    log = parse_well_log(SMALL)
    assert log.well == "X-1"
    assert log.header["logged by"] == "Ada, B. and C."
    assert log.units == {"DEPTH": "m", "PHI": "v/v"}
    assert log.depth == [1000.0, 1000.5, 1001.0]


def test_null_value_and_empty_cell_are_nan():
    phi = parse_well_log(SMALL).curves["PHI"]
    assert phi[0] == 0.21
    assert math.isnan(phi[1]) and math.isnan(phi[2])


def test_name_of_the_file_when_the_header_has_none():
    assert parse_well_log("D\nm\n1\n", name="B-2").well == "B-2"


@pytest.mark.parametrize("well, rows", [("A-1", 121), ("A-2", 96), ("B-7", 80)])
def test_sample_wells(wells_folder, well, rows):
    log = load_from_folder(wells_folder, well)
    assert (log.well, len(log)) == (well, rows)
    assert sorted(log.curves) == ["GR", "PERM", "PHI", "RHOB", "RT"]


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "no line of column names"),
        ("A,A\nm,m\n", "stands twice"),
        ("A,B\nm\n", ":2: 1 units for 2 columns"),
        ("A,B\nm,m\n1\n", ":3: 1 values for 2 columns"),
        ("A,B\nm,m\n1,two\n", "'two' is not a number"),
        ("A,B\nm,m\n,2\n", "no depth"),
    ],
)
def test_what_is_no_log_is_refused_with_its_line(text, says):
    with pytest.raises(LogFormatError, match=says):
        parse_well_log(text, name="bad")


def test_byte_order_mark(tmp_path):
    path = tmp_path / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load_well_log(path).well == "X-1"


@pytest.mark.integration
def test_log_goes_through_a_database_unchanged(well_a1, tmp_path, record_property):
    """Floats keep every bit on the way through SQLite."""
    record_property("external_dependency", "sqlite")
    connection = sqlite3.connect(str(tmp_path / "logs.db"))
    with connection:
        connection.execute("CREATE TABLE log (depth REAL, gr REAL)")
        connection.executemany("INSERT INTO log VALUES (?, ?)", zip(well_a1.depth, well_a1.curves["GR"]))
    back = connection.execute("SELECT depth, gr FROM log ORDER BY rowid").fetchall()
    connection.close()
    assert back == list(zip(well_a1.depth, well_a1.curves["GR"]))


@pytest.mark.performance
@pytest.mark.benchmark(max_time=0.25)
def test_parsing_speed(benchmark, wells_folder):
    text = Path(wells_folder / "A-1.csv").read_text(encoding="utf-8")
    log = benchmark(parse_well_log, text)
    assert len(log) == 121
