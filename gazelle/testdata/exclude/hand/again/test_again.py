def test_again():
    pass
