import pytest

from .. import machine


def test_run(shuttle):
    assert len(shuttle.run()) == 4


def test_by_name():
    assert machine("shuttle").Shuttle


def test_by_a_computed_name():
    assert machine("jacquard").CARDS == 4


def test_no_such_machine():
    with pytest.raises(ModuleNotFoundError):
        machine("spinning_jenny")


def test_module_name():
    assert __name__ == "looms.machines.tests.test_shuttle"
