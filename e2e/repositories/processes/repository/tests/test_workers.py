import concurrent.futures
import faulthandler
import multiprocessing
import os
import queue
import signal
import threading
import time

import pytest

import pumps


@pytest.mark.integration
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pool(method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(pumps.square, range(4)) == [0, 1, 4, 9]


@pytest.mark.integration
def test_executor():
    with concurrent.futures.ProcessPoolExecutor(2) as executor:
        assert set(executor.map(pumps.parent, range(4))) == {os.getpid()}


def test_threads():
    with concurrent.futures.ThreadPoolExecutor(8) as executor:
        assert sum(executor.map(pumps.square, range(100))) == 328350


def test_queue_between_threads():
    q = queue.Queue()
    threading.Thread(target=lambda: [q.put(n) for n in range(3)]).start()
    assert [q.get(timeout=5) for _ in range(3)] == [0, 1, 2]


def test_thread_that_raises():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()


def test_signal():
    seen = []
    old = signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        time.sleep(0.01)
    finally:
        signal.signal(signal.SIGUSR1, old)
    assert seen == [1]


def test_default_handlers():
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_main_thread():
    assert threading.current_thread() is threading.main_thread()
    assert threading.active_count() < 5


def test_alarm():
    with pytest.raises(TimeoutError):
        old = signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        try:
            time.sleep(5)
        finally:
            signal.signal(signal.SIGALRM, old)


def test_fork():
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7


def test_faulthandler():
    assert faulthandler.is_enabled()


def test_sharing():
    value = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=_add, args=(value,))
    process.start()
    process.join()
    assert value.value == 1


def _add(value):
    value.value += 1
