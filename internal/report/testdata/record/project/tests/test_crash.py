import os


def test_fine():
    pass


def test_crash():
    os.abort()
