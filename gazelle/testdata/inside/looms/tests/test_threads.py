from .. import Thread
from .common import thread


def test_thread():
    assert isinstance(thread(), Thread)
