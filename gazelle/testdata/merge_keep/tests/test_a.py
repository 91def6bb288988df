from src import a

def test_a():
    assert a.x
