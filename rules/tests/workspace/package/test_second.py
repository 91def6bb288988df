import sys


def test_second():
    assert sys.shared == 1
