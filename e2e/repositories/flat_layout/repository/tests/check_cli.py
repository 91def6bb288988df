import os
import runpy

from seedbank.cli import main
from tests.helpers import HERE


def test_prints(capsys):
    main([str(HERE / "data" / "meadow.yaml")])
    assert capsys.readouterr().out.split() == ["knapweed", "yarrow"]


def test_relative_to_the_root(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["seedbank", os.path.join("tests", "data", "meadow.yaml")])
    main()
    assert "yarrow" in capsys.readouterr().out


def test_as_a_module(monkeypatch):
    monkeypatch.setattr("sys.argv", ["seedbank"])
    found = runpy.run_module("seedbank.cli")
    assert callable(found["main"])
