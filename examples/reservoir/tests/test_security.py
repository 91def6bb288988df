"""What hostile names and files may not do."""

import ast
import csv
import os
from pathlib import Path

import pytest

import s01_load_data
from s01_load_data import LogFormatError, fetch_well_log, load_from_folder, load_well_log, parse_well_log
from s05_store import ResultStore, export_csv

pytestmark = pytest.mark.security


@pytest.fixture
def folder(tmp_path):
    """A folder with one log, beside a file that is nobody's business."""
    inside = tmp_path / "wells"
    inside.mkdir()
    (inside / "A.csv").write_text("D,GR\nm,API\n1,2\n")
    (tmp_path / "secret.csv").write_text("D,GR\nm,API\n6,6\n")
    return inside


@pytest.mark.parametrize("name", ["../secret", "A/../../secret", "./../wells/../secret"])
def test_paths_do_not_lead_out(folder, name):
    with pytest.raises(PermissionError, match="not inside wells"):
        load_from_folder(folder, name)


def test_nor_do_absolute_paths(folder):
    with pytest.raises(PermissionError):
        load_from_folder(folder, str(folder.parent / "secret"))


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_nor_do_links(folder):
    (folder / "link.csv").symlink_to(folder.parent / "secret.csv")
    with pytest.raises(PermissionError):
        load_from_folder(folder, "link")


def test_names_inside_still_work(folder):
    assert load_from_folder(folder, "A").depth == [1.0]


def test_nul_in_a_name(folder):
    with pytest.raises(ValueError):
        load_from_folder(folder, "A\0.csv")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/x", "data:text/csv,1", "http://", "A-1.csv"])
def test_only_web_addresses_are_fetched(url):
    with pytest.raises(ValueError, match="only http and https"):
        fetch_well_log(url)


@pytest.mark.parametrize("cell", ["__import__('os').getpid()", "1+1", "0x1F", "1_0_", "1e", "nan(1)"])
def test_cells_are_numbers_and_never_code(cell):
    with pytest.raises(LogFormatError, match="is not a number"):
        parse_well_log(f'D,GR\nm,API\n1,"{cell}"\n')


def test_huge_files_are_refused_before_they_are_read(folder, monkeypatch):
    monkeypatch.setattr(s01_load_data, "MAX_BYTES", 10)
    with pytest.raises(LogFormatError, match="larger than 10 bytes"):
        load_well_log(folder / "A.csv")


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_exported_text_is_no_formula(tmp_path, cell):
    export_csv(tmp_path / "out.csv", [{"well": cell}], ["well"])
    with (tmp_path / "out.csv").open(newline="") as stream:
        _, (written,) = csv.reader(stream)
    assert written == "'" + cell


def test_negative_numbers_are_exported_as_numbers(tmp_path):
    export_csv(tmp_path / "out.csv", [{"slope": -1.5}], ["slope"])
    assert (tmp_path / "out.csv").read_text().split() == ["slope", "-1.5"]


@pytest.mark.parametrize("well", ["'; DROP TABLE fit; --", 'A" OR "1"="1', "A\\", "Ærø-1 🛢"])
def test_well_names_are_data_to_the_database(tmp_path, well):
    with ResultStore(tmp_path / "r.db") as store:
        store.save("other", "m", {"x": 1})
        store.save(well, "m", {"x": 2})
        assert store.load(well, "m") == {"x": 2}
        assert sorted(store.wells()) == sorted(["other", well])


def test_no_step_evaluates_text_or_unpickles():
    """Holds for the files beside step 1, which is all of them."""
    forbidden = {"eval", "exec", "compile", "__import__", "loads", "system", "popen"}
    sources = sorted(Path(s01_load_data.__file__).parent.glob("s0*.py"))
    assert len(sources) == 5
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert name not in forbidden, f"{source.name}:{node.lineno}: {name}"
