import pathlib

from seedbank import Catalogue

HERE = pathlib.Path(__file__).parent


def load(name):
    with open(HERE / "data" / name, encoding="utf-8") as stream:
        return Catalogue.load(stream)


class Checks:
    """A base class of tests in other files; no test itself as its name says nothing."""

    threshold = 0.5

    def test_viable_is_sorted(self):
        names = load("meadow.yaml").viable(self.threshold)
        assert names == sorted(names)
