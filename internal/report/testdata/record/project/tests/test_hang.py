import time


def test_quick():
    pass


def test_hang():
    time.sleep(60)
