import orchard.labels.paper as paper


def test_label():
    assert paper.label() == 'Apple'
