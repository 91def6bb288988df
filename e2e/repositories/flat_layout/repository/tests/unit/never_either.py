def test_of_a_file_that_no_pattern_names():
    raise AssertionError
