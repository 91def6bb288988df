"""The processes that a worker makes for a request.

Of each request three processes are made, because a process namespace begins with a child:
  the worker -> the gate (enters the namespaces, waits) -> the cell's launcher, first process of its namespace -> the test.
When the launcher ends, the kernel ends whatever the test has left, and no signal of a test reaches further than to its
own launcher, which ignores them all.
"""

from __future__ import annotations

import json
import os
import select
import signal
import traceback
from collections.abc import Callable, Iterable

from . import namespaces, processes


class Cell:
    """A request's processes, or those of several, one after the other. They tell through a pipe what came of each."""

    def __init__(self, run: Callable[[], Iterable[dict]], closed: tuple[int, ...], orders: int | None = None) -> None:
        """run yields what is told of each cell; closed is what the processes must not have; orders is where more are sent."""
        self.code = 1
        self.text = ""
        self.learnt: list[str] = []
        self.memory = 0
        self.running = True
        self.again = False
        self.after: list[str] | None = None
        self._orders = orders
        self._told = b""
        self.report, write = os.pipe()
        self._gate = os.fork()
        if self._gate == 0:
            _in_gate(run, write, (*closed, self.report) if orders is None else (*closed, self.report, orders))
        os.close(write)

    def descriptors(self) -> tuple[int, ...]:
        """What others must not inherit."""
        if not self.running:
            return ()
        return (self.report,) if self._orders is None else (self.report, self._orders)

    def order(self, arguments: list[str]) -> bool:
        """Has one more cell run; False when these processes take none any more."""
        poll = select.poll()
        poll.register(self.report, select.POLLIN | select.POLLHUP)
        if not self.running or self._told or poll.poll(0):
            return False
        view = memoryview(json.dumps(arguments).encode("ascii") + b"\n")
        try:
            while view:
                view = view[os.write(self._orders, view) :]
        except BrokenPipeError:
            return False
        return True

    def wait(self) -> None:
        """Waits until all of its processes have ended."""
        while not self.read():
            pass

    def read(self) -> bool:
        """Takes what there is to read; True when that was all of a cell."""
        data = os.read(self.report, 1 << 16)
        self._told += data
        if data and b"\n" not in data:
            return False
        line, _, self._told = self._told.partition(b"\n")
        self._hear(line)
        return True

    def _hear(self, line: bytes) -> None:
        self.code, self.text, self.learnt = 1, "weft: the cell's launcher was killed\n", []
        self.again, self.after = False, None
        try:
            told = json.loads(line)
            self.code, self.text, self.learnt = int(told["code"]), str(told["text"]), list(map(str, told.get("learnt", [])))
            self.again, self.after = bool(told.get("again")), told.get("after")
        except (ValueError, KeyError, TypeError):
            told = {}
        if not told.get("kept"):
            self._end()

    def kill(self) -> None:
        """Ends them all: the launcher dies with the gate, and its namespace with the launcher."""
        os.kill(self._gate, signal.SIGKILL)
        self._end()

    def _end(self) -> None:
        for fd in self.descriptors():
            os.close(fd)
        self.running = False
        os.waitpid(self._gate, 0)


def _in_gate(run: Callable[[], Iterable[dict]], report: int, closed: tuple[int, ...]) -> None:
    """In the gate's process; does not return."""
    try:
        for fd in closed:
            os.close(fd)
        processes.die_with_parent()
        namespaces.enter()
        launcher = os.fork()
        if launcher == 0:
            _in_launcher(run, report)
        os.close(report)
        os.waitpid(launcher, 0)
    except BaseException as error:  # noqa: BLE001 - the worker's own code must not run here
        _tell(report, 1, f"weft: {error}\n" if isinstance(error, namespaces.Unavailable) else traceback.format_exc())
    os._exit(0)


def _in_launcher(run: Callable[[], Iterable[dict]], report: int) -> None:
    """In the first process of the cell's namespaces; does not return."""
    try:
        processes.die_with_parent()
        namespaces.mount_proc()
        processes.seal(True)
        for told in run():
            _tell(report, 0, "", **told)
    except BaseException:  # noqa: BLE001 - as above
        _tell(report, 1, traceback.format_exc())
    os._exit(0)


def _tell(report: int, code: int, text: str, **more: object) -> None:
    view = memoryview(json.dumps({"code": code, "text": text, **more}).encode("ascii") + b"\n")
    while view:
        view = view[os.write(report, view) :]
