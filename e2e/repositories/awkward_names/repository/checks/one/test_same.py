import json

import words
from words.json import dumps


def test_both_json():
    assert json is not words.json
    assert json.loads(dumps(["b", "a"])) == ["a", "b"]


def test_types():
    assert words.types.word("Ant!").text == "ant"
