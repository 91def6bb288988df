import looms

from .. import Draft, dye
from . import PATTERN
from .common import draft


def test_weave():
    assert draft().weave() == ["madder", "woad", "woad", "madder"]


def test_exports():
    assert set(looms.__all__) == {"DYES", "Draft", "Thread", "dye"}
    assert dye(looms.Thread("a")) == "madder"


def test_unknown_colour():
    assert Draft("c").weave() == []


class DraftCase:
    def test_pattern(self):
        assert draft().pattern == PATTERN

    class TestNested:
        def test_of(self):
            assert looms.Thread("a").of(draft())
