import time


def test_slow_1():
    time.sleep(100)
