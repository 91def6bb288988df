def test_device():
    pass
