import pytest

from tide_tables.cli import main

pytestmark = pytest.mark.integration


def test_version(run):
    assert run("--version").stdout.strip() == "2.4.1"


@pytest.mark.parametrize("format", ["plain", "csv"])
def test_format(run, format):
    done = run("old dock", "--format", format)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4


def test_unknown_station(run):
    done = run("nowhere")
    assert (done.returncode, done.stderr) == (2, "no station 'nowhere'\n")


def test_in_process(capsys):
    assert main(["north pier", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("0,1.97\n")


def test_origin(origin):
    assert origin == "tests/cli"
