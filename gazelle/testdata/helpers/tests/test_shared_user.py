from tests.shared import VALUE


def test_value():
    assert VALUE
