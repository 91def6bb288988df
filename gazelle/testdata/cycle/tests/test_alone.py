from pkg import alone


def test_alone():
    assert alone
