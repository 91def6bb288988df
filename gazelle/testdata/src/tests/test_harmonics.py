from tide_tables import height


def test_height():
    assert height(0) == 1
