"""Waits for the test process: log, timeout, leftovers."""

from __future__ import annotations

import os
import select
import signal
import time

from . import processes
from .log import Log
from .memory import OomWatch

# Seconds between the first signal and SIGKILL.
GRACE = 2.0
# Seconds that processes have to end after the test process did.
LINGER = 0.5
# Seconds between two looks at how many processes there are.
PACE = 0.1
# Of a process that said something else than an exit code.
NOT_A_CODE = -1


class Stop:
    """Set by a signal that asks the launcher itself to end; wakes the wait."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self.read_fd, self._write_fd = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK) if hasattr(os, "pipe2") else os.pipe()

    def install(self) -> None:
        """Handles SIGTERM and SIGINT, so that no test process outlives an interrupted build."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._handle)

    def _handle(self, number: int, _frame: object) -> None:
        if self.signal is None:
            self.signal = number
            try:
                os.write(self._write_fd, b"!")
            except OSError:
                pass

    def forget(self) -> None:
        """In the child: signals do what they do in any program."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.close(self.read_fd)
        os.close(self._write_fd)


class Ending:
    """How the test process ended."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.signal: int | None = None
        self.timed_out = False
        self.stopped = False
        self.out_of_memory = False
        self.too_many = False
        self.leftovers: list[str] = []
        # The process said that the cell has ended; it goes on, and may run another.
        self.told = False
        self.kept = False
        self.log = Log()
        self.duration = 0.0


def wait(
    pid: int, log_fd: int, limit: float, first_signal: int, stop: Stop, memory: OomWatch, channel: int | None = None
) -> Ending:
    """Waits until pid ends or its time is over, then kills what it left behind.

    channel is where a process that several cells share says that this one has ended; then it stays if it is alone.
    """
    ending = Ending()
    begin = time.monotonic()
    waiter = _Waiter(pid, log_fd, stop.read_fd, ending.log, channel)
    deadline = begin + limit
    asked = False
    pace = PACE if processes.first_of_namespace() else limit + GRACE
    while not waiter.step(min(pace, deadline - time.monotonic())):
        now = time.monotonic()
        if not ending.too_many and processes.too_many():
            ending.too_many = asked = True
            deadline = now
        if stop.signal is not None and not ending.stopped:
            ending.stopped = True
            waiter.ignore(stop.read_fd)
            deadline = now
        if now < deadline:
            continue
        if not asked:
            asked = True
            ending.timed_out = not ending.stopped
            _signal(pid, first_signal)
        else:
            processes.kill_group(pid, signal.SIGKILL)
            _signal(pid, signal.SIGKILL)
            if ending.too_many:
                processes.kill_all()
        deadline = now + GRACE
    ending.duration = time.monotonic() - begin
    ending.told = waiter.told is not None and not asked
    if ending.told:
        ending.code = waiter.told
        if processes.alone(pid):
            ending.kept = True
            waiter.drain()
            return ending
        _signal(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if not ending.told:
        if os.WIFSIGNALED(status):
            ending.signal = os.WTERMSIG(status)
        else:
            ending.code = os.WEXITSTATUS(status)
    ending.leftovers = processes.kill_descendants(0.0 if asked else LINGER)
    if not processes.adopts_orphans():
        # The best that there is without it: those that stayed in the test's group.
        processes.kill_group(pid, signal.SIGKILL)
    waiter.drain()
    os.close(log_fd)
    ending.out_of_memory = ending.signal == signal.SIGKILL and not asked and memory.killed()
    return ending


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


class _Waiter:
    """Reads the log while it waits for one process."""

    def __init__(self, pid: int, log_fd: int, stop_fd: int, log: Log, channel: int | None) -> None:
        self._pid = pid
        self._log_fd = log_fd
        self._log = log
        self._channel = channel
        # The exit code that the process has told, before it ended if it ever does.
        self.told: int | None = None
        self._poll = select.poll()
        self._poll.register(log_fd, select.POLLIN)
        self._poll.register(stop_fd, select.POLLIN)
        if channel is not None:
            self._poll.register(channel, select.POLLIN)
        self._pidfd = -1
        try:
            self._pidfd = os.pidfd_open(pid)
            self._poll.register(self._pidfd, select.POLLIN)
        except (AttributeError, OSError):
            # Not Linux, or older than 5.3: look every few milliseconds.
            self._pidfd = -1

    def step(self, seconds: float) -> bool:
        """Waits for something to happen; True when the process has ended."""
        if self._pidfd < 0:
            seconds = min(seconds, 0.005)
        ended = False
        for fd, _ in self._poll.poll(max(0.0, seconds) * 1000):
            if fd == self._log_fd:
                data = os.read(fd, 1 << 16)
                self._log.write(data)
                if not data:
                    self._poll.unregister(fd)
            elif fd == self._pidfd:
                ended = True
            elif fd == self._channel and self._hear():
                ended = True
        return ended or self._pidfd < 0 and self._exited()

    def _hear(self) -> bool:
        """Takes what the process says; whatever it is, it is what stands for the exit code."""
        try:
            data = os.read(self._channel, 64)
        except OSError:
            data = b""
        if not data:
            # The test has closed its end: this process ends as others do.
            self._poll.unregister(self._channel)
            return False
        self.told = int(data) if data.strip().isdigit() else NOT_A_CODE
        return True

    def _exited(self) -> bool:
        # WNOWAIT: the status is taken by whoever called.
        return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def ignore(self, fd: int) -> None:
        """Waits no more for fd."""
        self._poll.unregister(fd)

    def drain(self) -> None:
        """Takes what there still is in the pipe."""
        os.set_blocking(self._log_fd, False)
        try:
            while True:
                data = os.read(self._log_fd, 1 << 16)
                if not data:
                    break
                self._log.write(data)
        except BlockingIOError:
            # Something that could not be killed still holds the other end.
            pass
        if self._pidfd >= 0:
            os.close(self._pidfd)
