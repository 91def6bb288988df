"""Has the name of a module of the standard library, and imports it."""

import json


def dumps(words):
    return json.dumps(sorted(words))
