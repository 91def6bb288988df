"""A persistent worker: answers Bazel's requests, one after the other, each in a process forked from a warm interpreter.

Bazel's JSON worker protocol (bazel.build/remote/creating): one request a line on stdin, one response a line on stdout.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterable

from . import batch, sandbox
from .gate import Cell
from .warm import Changed, Warm

# Where the protocol's two ends are kept, away from 0 and 1, which anything may write to.
_LOWEST_FD = 10
# As the rule starts the launcher.
INTERPRETER_OPTIONS = ("-sB",)
# Names of modules that this worker must not import, comma-separated; it says so to itself when it begins anew.
REFUSE = "--refuse="
# What an answer's text may hold.
_OUTPUT = 8192


class Refusal(Exception):
    """Why this worker must not run anything."""


class Worker:
    """One worker's loop.

    run(arguments, warm, shared, after) runs a cell in the process that it is called in, and returns what it learnt; shared and
    after as main.cell has them.
    """

    def __init__(self, run: Callable[..., list[str]], refused: set[str]) -> None:
        self._run = run
        # Where the next cell with isolation = "batch" may run.
        self._shared: Cell | None = None
        self._warm = Warm()
        self._warm.refused |= refused
        self._requests, self._responses = _take_protocol()
        self._buffer = b""

    def serve(self) -> int:
        """Answers requests until Bazel closes the stream."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        refusal = self._refusal()
        if refusal is None:
            self._make_ready(_first_modules)
        while True:
            request = self._next()
            if request is None:
                self._end_shared()
                return 0
            if request.get("cancel"):
                # It came too late: that request has been answered.
                continue
            if refusal is not None:
                self._answer(request, 1, f"weft: worker not hardened: {refusal}\n")
                continue
            cell = self._start(request["arguments"])
            done = self._wait(request, cell)
            while done and cell.again:
                # Somewhere else, because it was not begun, or alone, because it has not passed.
                cell = self._start(request["arguments"], cell.after)
                done = self._wait(request, cell)
            if done:
                self._answer(request, cell.code, cell.text)
            else:
                self._answer(request, 0, "", cancelled=True)
            if cell.learnt:
                self._end_shared()
                self._make_ready(lambda: cell.learnt)

    def _start(self, arguments: list[str], after: list[str] | None = None) -> Cell:
        """after are the files whose process the cell did not pass in; None: it may share one."""
        if after is not None or not batch.shares(arguments):
            return self._cell(lambda: [{"learnt": self._run(arguments, self._warm, None, after)}])
        memory = batch.memory(arguments)
        if self._shared is not None and self._shared.memory == memory and self._shared.order(arguments):
            return self._shared
        self._end_shared()
        self._warm.remember()
        orders, write = os.pipe()
        self._shared = self._cell(lambda: batch.cells(self._run, self._warm, arguments, orders), write)
        self._shared.memory = memory
        os.close(orders)
        return self._shared

    def _cell(self, run: Callable[[], Iterable[dict]], orders: int | None = None) -> Cell:
        others = () if self._shared is None else self._shared.descriptors()
        return Cell(run, (self._requests, self._responses, *others), orders)

    def _end_shared(self) -> None:
        if self._shared is not None and self._shared.running:
            self._shared.kill()
        self._shared = None

    def _refusal(self) -> str | None:
        """Why no cell may run here; None when all that a worker relies on is there."""
        facts = sandbox.facts()
        if facts["network"] != "loopback":
            interfaces = ", ".join(facts["interfaces"]) or "no /proc"  # type: ignore[arg-type]
            return f"the network can be reached ({interfaces}); give Bazel --worker_sandboxing and --experimental_worker_sandbox_hardening"
        trial = self._cell(lambda: [{}])
        trial.wait()
        return trial.text.strip().removeprefix("weft: ") if trial.code else None

    def _make_ready(self, find: Callable[[], list[str]]) -> None:
        try:
            self._warm.preload(find)
        except Changed as changed:
            # What it did cannot be undone: begin anew without it.
            refused = ",".join(sorted(self._warm.refused | {str(changed)}))
            command = [argument for argument in sys.argv if not argument.startswith(REFUSE)]
            os.dup2(self._requests, 0)
            os.dup2(self._responses, 1)
            os.execv(sys.executable, [sys.executable, *INTERPRETER_OPTIONS, *command, f"{REFUSE}{refused}"])
        gc.collect()
        gc.freeze()

    def _wait(self, request: dict, cell: Cell) -> bool:
        """Waits for the cell; False when Bazel took the request back."""
        poll = select.poll()
        poll.register(cell.report, select.POLLIN | select.POLLHUP)
        poll.register(self._requests, select.POLLIN | select.POLLHUP)
        while True:
            ready = [fd for fd, _ in poll.poll()]
            if cell.report in ready and cell.read():
                return True
            if self._requests in ready and self._taken_back(request):
                cell.kill()
                return False

    def _taken_back(self, request: dict) -> bool:
        line = self._line()
        if line is None:
            # Bazel is gone, and nobody waits for an answer.
            return True
        other = json.loads(line)
        return bool(other.get("cancel")) and other.get("requestId", 0) == request.get("requestId", 0)

    def _next(self) -> dict | None:
        line = self._line()
        return None if line is None else json.loads(line)

    def _line(self) -> bytes | None:
        while b"\n" not in self._buffer:
            data = os.read(self._requests, 1 << 16)
            if not data:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _answer(self, request: dict, code: int, output: str, cancelled: bool = False) -> None:
        response: dict[str, object] = {"exitCode": code, "output": output[-_OUTPUT:], "requestId": request.get("requestId", 0)}
        if cancelled:
            response["wasCancelled"] = True
        view = memoryview(json.dumps(response).encode("ascii") + b"\n")
        try:
            while view:
                view = view[os.write(self._responses, view) :]
        except BrokenPipeError:
            # The next read finds the stream's end.
            pass


def _take_protocol() -> tuple[int, int]:
    """Moves the protocol's ends away; what anything prints goes to the worker's log."""
    import fcntl

    requests = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, _LOWEST_FD)
    responses = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, _LOWEST_FD)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return requests, responses


def _first_modules() -> list[str]:
    """What every Python cell needs: pytest, the plugins that it always loads, and those that are installed."""
    from importlib.metadata import distributions
    from importlib.util import find_spec

    if find_spec("pytest") is None:
        return []
    modules = ["pytest"]
    try:
        from _pytest.config import default_plugins

        modules += [f"_pytest.{name}" for name in default_plugins]
    except ImportError:
        pass
    for distribution in distributions():
        modules += [entry.value.partition(":")[0] for entry in distribution.entry_points if entry.group == "pytest11"]
    return modules

