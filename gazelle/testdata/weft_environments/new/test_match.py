def test_match():
    match 1:
        case 1:
            pass
