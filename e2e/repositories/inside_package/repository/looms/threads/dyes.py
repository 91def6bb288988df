from .core import Thread

DYES = {"a": "madder", "b": "woad"}


def dye(thread):
    assert isinstance(thread, Thread)
    return DYES[thread.colour]
