def test_dot():
    pass
