import importlib.util
import pathlib
import subprocess
import sys
from importlib import metadata

import iniconfig
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_this_process():
    assert iniconfig.WRITTEN_ANEW
    assert pathlib.Path(iniconfig.__file__).resolve() == ROOT / "src" / "iniconfig" / "__init__.py"


def test_pytest_itself():
    from _pytest.config import findpaths

    assert findpaths.iniconfig is iniconfig


def test_found_again():
    assert importlib.util.find_spec("iniconfig").origin == iniconfig.__file__
    assert importlib.util.find_spec("iniconfig._parse") is not None


def test_metadata():
    assert metadata.version("iniconfig") == "99.0"
    assert metadata.metadata("iniconfig")["Summary"].endswith("written anew")


@pytest.mark.integration
def test_child():
    assert run("import iniconfig; print(iniconfig.WRITTEN_ANEW)") == "True"


@pytest.mark.integration
def test_metadata_of_a_child():
    assert run("from importlib.metadata import version; print(version('iniconfig'))") == "99.0"


@pytest.mark.integration
def test_pytest_in_a_child(tmp_path):
    tmp_path.joinpath("test_inner.py").write_text("import iniconfig\n\ndef test(): assert iniconfig.WRITTEN_ANEW\n")
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\naddopts = -q\n")
    done = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_wrong_on_purpose():
    assert metadata.version("iniconfig") == "2.0.0"
