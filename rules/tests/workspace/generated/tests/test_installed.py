import subprocess
import sys
from importlib import metadata


def test_metadata():
    assert metadata.version("deep-salt") == "99.1"
    assert metadata.requires("deep-salt") == ["attrs>=20"]
    assert metadata.metadata("deep-salt")["Author"].split("\n")[0] == "J\u00f3n \u00d8"


def test_metadata_in_a_child():
    code = "from importlib import metadata; print(metadata.version('deep-salt'))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "99.1\n"


def test_script():
    assert subprocess.check_output(["depth"], text=True) == "42\n"
