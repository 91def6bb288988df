import sys
from importlib import metadata

import pytest

import tide_tables


def group(name):
    found = metadata.entry_points()
    return list(found.select(group=name)) if hasattr(found, "select") else list(found[name])


def test_version():
    assert metadata.version("tide-tables") == tide_tables.__version__ == "2.4.1"


@pytest.mark.parametrize("name", ["tide-tables", "tide_tables", "Tide.Tables"])
def test_every_spelling_of_the_name(name):
    assert metadata.version(name) == "2.4.1"


def test_fields():
    fields = metadata.metadata("tide-tables")
    assert fields["Name"] == "tide-tables"
    assert fields["Summary"] == "Heights of the tide, from harmonic constants"
    assert fields["Requires-Python"].replace(" ", "") in ("<3.12,>=3.9", ">=3.9,<3.12")


def test_requirements():
    required = metadata.requires("tide-tables")
    assert "six>=1.15" in [r.replace(" ", "") for r in required]
    assert any(r.startswith("pytest") and "extra" in r for r in required)


def test_entry_points():
    assert sorted(e.name for e in group("tide_tables.formats")) == ["csv", "plain"]
    assert {e.load().suffix for e in group("tide_tables.formats")} == {".csv", ".txt"}


def test_console_script():
    (script,) = [e for e in group("console_scripts") if e.name == "tide-tables"]
    assert script.value == "tide_tables.cli:main"
    assert script.load()(["nowhere"]) == 2


def test_only_once():
    names = [d.metadata["Name"] for d in metadata.distributions()]
    assert names.count("tide-tables") == 1


def test_six_is_the_environments():
    assert metadata.version("six") != "2.4.1"
    assert "six" not in sys.builtin_module_names
