from lib import wells


def test_kept():
    assert wells.depth()
