"""In a folder without __init__.py, below another without one."""

from orchard.core.fruit import Apple


def label(fruit):
    return f"{fruit.__name__.lower()} ({fruit.sugar} %)" if issubclass(fruit, Apple) else "?"
