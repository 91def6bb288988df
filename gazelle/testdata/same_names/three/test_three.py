from lib.thing import X


def test_x():
    assert X
