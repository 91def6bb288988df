from importlib.metadata import version


def test_version(tide):
    assert version('Tide.Tables')
