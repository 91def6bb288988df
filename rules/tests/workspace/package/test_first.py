import sys


def test_first():
    sys.shared = 1
