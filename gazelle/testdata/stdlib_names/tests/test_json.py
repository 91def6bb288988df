import json

from words import types


def test_json():
    assert json.loads('1') and types
