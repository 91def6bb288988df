from importlib.metadata import version

import pytest

import counter
from counter.main import main
from counter.wide import counts


def test_count():
    assert counter.count(1) == 2


def test_wide():
    assert counts(3) == [0, 1, 2]


def test_version():
    assert version("counter") == counter.__version__


@pytest.mark.integration
def test_expected(top, capsys):
    main()
    assert capsys.readouterr().out == (top / "fixtures" / "expected.txt").read_text()


def test_root(pytestconfig):
    assert pytestconfig.rootpath.name == "python"
    assert pytestconfig.inipath.name == "pytest.ini"


def test_wrong():
    assert counter.count(1) == 3
