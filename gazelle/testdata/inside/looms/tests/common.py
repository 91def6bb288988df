from ..threads import Thread


def thread():
    return Thread()
