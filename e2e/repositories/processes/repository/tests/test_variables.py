import locale
import os
import subprocess
import sys
import time


def test_set_and_inherited(monkeypatch):
    monkeypatch.setenv("PUMP", "on")
    assert subprocess.check_output(["sh", "-c", "echo $PUMP"]) == b"on\n"


def test_path():
    assert os.environ["PATH"]


def test_not_set():
    assert "PUMP" not in os.environ


def test_encoding():
    assert sys.getfilesystemencoding() == "utf-8"
    assert locale.getpreferredencoding(False).upper().replace("-", "") == "UTF8"


def test_current_test():
    assert os.environ["PYTEST_CURRENT_TEST"] == "tests/test_variables.py::test_current_test (call)"


def test_time_zone(monkeypatch):
    monkeypatch.setenv("TZ", "XXX-3")
    time.tzset()
    assert time.localtime(0).tm_hour == 3
    monkeypatch.undo()
    time.tzset()


def test_executable():
    assert os.path.exists(sys.executable)
    assert sys.flags.optimize == 0


def test_output(capfd):
    os.write(1, b"x")
    subprocess.call(["sh", "-c", "echo y >&2"])
    assert capfd.readouterr() == ("x", "y\n")
