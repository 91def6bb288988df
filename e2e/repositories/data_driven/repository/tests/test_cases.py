from _suite import CASES, classes

globals().update(classes())


def test_all_are_there():
    assert sum(1 for _ in CASES.rglob("*.json")) == 900
