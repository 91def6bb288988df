import tests.helpers
from tests.unit import __name__ as package

from ..helpers import load


def test_names():
    assert __name__ == "tests.unit.test_names"
    assert package == "tests.unit"


def test_same_module():
    assert load is tests.helpers.load
