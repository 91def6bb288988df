import bom
import latin
import pytest


def test_name():
    assert latin.NAME and bom


def test_unreadable():
    with pytest.raises(SyntaxError):
        import not_utf8
    with pytest.raises(SyntaxError):
        import unknown
