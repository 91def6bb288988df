import orchard.core
from orchard.core import fruit


def test_sugar():
    assert fruit.Apple.sugar > fruit.Pear.sugar


def test_namespace():
    import orchard

    assert getattr(orchard, "__file__", None) is None
    assert len(list(orchard.__path__)) >= 1
    assert orchard.core.VERSION == "3.1"
