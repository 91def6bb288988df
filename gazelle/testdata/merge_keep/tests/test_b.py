from src import b

def test_b():
    assert b.x
