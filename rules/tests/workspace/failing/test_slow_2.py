import time


def test_slow_2():
    time.sleep(100)
