import json
import pathlib
import re
from importlib import metadata, resources

import pytest

import schema_lite

ROOT = pathlib.Path(__file__).resolve().parents[1]


def test_readme_names_the_version():
    assert metadata.version("schema-lite") in (ROOT / "README.md").read_text()


def test_license():
    assert "granted" in ROOT.joinpath("LICENSE").read_text()


def test_pyproject():
    text = (ROOT / "pyproject.toml").read_text()
    assert re.search(r'^version = "(.*)"$', text, re.M).group(1) == metadata.version("schema_lite")


def test_changes_by_a_path_relative_to_the_working_folder():
    with open("CHANGES.md") as file:
        assert file.read().startswith("0.5.0")


def test_package_data():
    folder = resources.files("schema_lite") / "grammars"
    assert sorted(p.name for p in folder.iterdir()) == ["base.json", "range.json"]
    assert resources.files(schema_lite).joinpath("py.typed").is_file()


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "samples").glob("*.json")), ids=lambda p: p.stem)
def test_samples(path):
    assert isinstance(json.loads(path.read_text(encoding="utf-8")), list)
