from pkg import good


def test_good():
    assert good
