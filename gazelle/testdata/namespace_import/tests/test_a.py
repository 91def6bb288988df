from src import a


def test_a():
    pass
