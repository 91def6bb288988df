def test_outside():
    raise AssertionError("testpaths leaves this out")
