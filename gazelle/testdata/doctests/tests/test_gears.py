from clockwork.gears import ratio


def test_ratio():
    assert ratio(1, 1) == 1
