"""Makes a unittest class of each folder of cases and puts it where it is imported."""

import json
import unittest
from pathlib import Path

CASES = Path(__file__).parent / "cases"


def _method(path):
    def test(self):
        from schema_lite import check

        case = json.loads(path.read_text())
        self.assertEqual(check(case["schema"], case["value"]), case["valid"], case["about"])

    test.__doc__ = None
    return test


def classes(base=unittest.TestCase):
    made = {}
    for folder in sorted(p for p in CASES.iterdir() if p.is_dir()):
        name = "Test" + folder.name.title().replace("_", "")
        methods = {f"test_{p.stem.replace('-', '_')}": _method(p) for p in sorted(folder.glob("*.json"))}
        made[name] = type(name, (base,), methods)
    return made
