from types import SimpleNamespace

from . import string


def word(text):
    return SimpleNamespace(text=string.normal(text))
