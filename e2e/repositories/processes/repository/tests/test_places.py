import os
import pathlib
import tempfile

import pytest


def test_working_folder_is_the_root():
    assert sorted(p.name for p in pathlib.Path("tests").iterdir() if p.name == "data") == ["data"]


def test_working_folder_is_writable():
    path = pathlib.Path("made-by-a-test.txt")
    path.write_text("x")
    assert path.read_text() == "x"
    path.unlink()


def test_own_folder_is_writable():
    path = pathlib.Path(__file__).with_name("made.txt")
    path.write_text("x")
    path.unlink()


def test_tmp_path(tmp_path, tmp_path_factory):
    (tmp_path / "a").mkdir()
    assert tmp_path_factory.getbasetemp() in tmp_path.parents


def test_tempfile():
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as file:
        assert os.path.isdir(folder) and os.path.exists(file.name)


def test_without_home(monkeypatch):
    monkeypatch.delenv("HOME", raising=False)
    assert os.path.expanduser("~") != "~"
    assert pathlib.Path.home()


def test_another_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert pathlib.Path("~").expanduser() == tmp_path


def test_chdir(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert pathlib.Path.cwd() == tmp_path


@pytest.mark.skipif("not os.path.exists('/dev/null')")
def test_dev_null():
    with open(os.devnull, "w") as null:
        null.write("x")


def test_umask(tmp_path):
    path = tmp_path / "x"
    path.touch()
    assert path.stat().st_mode & 0o777 == 0o644


def test_symlink(tmp_path):
    (tmp_path / "link").symlink_to("data")
    assert os.readlink(tmp_path / "link") == "data"
