import json
import os

with open(os.path.join(os.path.dirname(__file__), "grammars", "range.json")) as file:
    KEYWORDS = json.load(file)["keywords"]


def in_range(schema, value):
    low, high = (schema.get(k) for k in KEYWORDS)
    return (low is None or value >= low) and (high is None or value <= high)
