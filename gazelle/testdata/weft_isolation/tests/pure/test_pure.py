def test_pure():
    pass
