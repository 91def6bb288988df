from seedbank import Catalogue, Seed

from .helpers import Checks, load


def test_viable(meadow):
    assert meadow.viable() == ["knapweed", "yarrow"]


def test_empty():
    assert load("empty.yaml").viable() == []


def test_missing_file_is_an_error_of_the_test():
    load("hedge.yaml")


def check_tuple():
    assert Seed("oak", 0.1)._replace(name="elm").name == "elm"


def other():
    raise AssertionError("no test")


class TestStrict(Checks):
    threshold = 0.8


class TestEmpty:
    def test_nothing(self):
        assert Catalogue().seeds == {}
