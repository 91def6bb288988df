import bom
import latin


def test_name():
    assert latin.NAME and bom
