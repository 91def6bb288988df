import orchard.core.fruit
import orchard.web


def test_the_same_class():
    assert orchard.web.Apple is orchard.core.fruit.Apple
