"""A test beside its module."""

from .core import Thread


def test_dyed():
    assert Thread("b").dyed() == "woad"
