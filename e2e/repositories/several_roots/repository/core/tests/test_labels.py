from importlib.metadata import version

from orchard.core.fruit import Apple
from orchard.labels.print import label


def test_label():
    assert label(Apple) == "apple (10 %)"


def test_no_fruit():
    assert label(int) == "?"


def test_version():
    assert version("orchard-core") == "3.1"
