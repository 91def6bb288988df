import words.json


def test_bom():
    assert words.json.dumps(["é"]) == '["\\u00e9"]'
