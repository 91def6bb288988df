def test_match():
    match "ant":
        case "ant":
            return
        case _:
            raise AssertionError
