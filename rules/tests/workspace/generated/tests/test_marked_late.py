def test_plain():
    pass


def test_late_compatibility():
    pass


def test_late_integration():
    pass
