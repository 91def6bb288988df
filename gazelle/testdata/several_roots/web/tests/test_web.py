import orchard_web


def test_apple():
    assert orchard_web.APPLE
