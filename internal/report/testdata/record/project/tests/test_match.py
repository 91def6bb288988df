def kind(row):
    match row:
        case [_]:
            return "depth"
        case _:
            return "other"


def test_kind():
    assert kind([1]) == "depth"


def test_other():
    assert kind([1, 2]) == "other"
