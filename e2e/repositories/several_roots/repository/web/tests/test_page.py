from importlib.metadata import requires, version

from orchard.web import page


def test_page():
    assert page() == "apple (10 %)\npear (9 %)"


def test_versions():
    assert (version("orchard-core"), version("orchard_web")) == ("3.1", "0.9")
    assert requires("orchard-web") == ["orchard-core"]
