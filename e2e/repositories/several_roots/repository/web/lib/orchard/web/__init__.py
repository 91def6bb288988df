from importlib.metadata import entry_points

from orchard.core.fruit import Apple
from orchard.labels import print as printing

__all__ = ["Apple", "page"]


def page():
    fruit = sorted((e.load() for e in entry_points(group="orchard.fruit")), key=lambda f: f.__name__)
    return "\n".join(printing.label(f) for f in fruit)
