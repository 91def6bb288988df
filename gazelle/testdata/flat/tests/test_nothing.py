def test_of_no_pattern():
    raise AssertionError
