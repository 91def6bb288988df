import orchard_core


def test_apple():
    assert orchard_core.APPLE
