from orchard.core import fruit


def label():
    return fruit.Apple.__name__
