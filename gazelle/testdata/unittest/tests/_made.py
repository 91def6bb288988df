import json
import pathlib
import unittest

CASES = pathlib.Path(__file__).parent / 'cases'


def make():
    for path in CASES.rglob('*.json'):
        yield 'Test' + path.stem, type('Made', (unittest.TestCase,), {'test': lambda self: json.loads(path.read_text())})
