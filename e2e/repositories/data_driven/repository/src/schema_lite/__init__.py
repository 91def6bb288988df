"""Checks JSON against a small schema language."""

import builtins
import json
from importlib import resources

from ._ranges import in_range

_BASE = json.loads(resources.files(__name__).joinpath("grammars/base.json").read_text(encoding="utf-8"))


def check(schema, value):
    kind = schema.get("type")
    if kind and not isinstance(value, getattr(builtins, _BASE["types"][kind])):
        return False
    return in_range(schema, value)
