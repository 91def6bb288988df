"""The same name as a file of core's tests."""

import orchard.web


def test_reexport():
    assert orchard.web.Apple.sugar == 10


def test_wrong():
    assert orchard.web.Apple.sugar == 11
