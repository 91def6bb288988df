def test_shared():
    pass
