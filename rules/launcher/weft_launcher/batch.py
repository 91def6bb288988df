"""isolation = "batch": cells of one worker run in one test process, one after the other, for as long as none leaves anything.

What they share are the namespaces, the launcher and the process; the private tree, the log, the journal and the timeout are
each cell's own. Only a pass counts there. A cell that did not pass in a process that others had used before runs again in
one of its own, and that is its result; it has the whole timeout once more, because a result must not hang on what ran before.

The launcher judges by the journal, as always, and by two things that it hears on a channel: the exit code with which the
process would have ended, and that it is as it was before the cell. A test that forges them gains what it gains by writing
in the journal, which is as open to it: it can be wrong about itself. What the process tells of others it never learns.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator

from . import child, leftovers, namespaces, processes
from .journal import Story
from .spec import CellSpec, Manifest
from .supervise import Ending, Stop
from .tree import Scratch, remove_tree
from .warm import Warm, megabytes

# A process runs so many cells, and holds so much memory, and is then replaced.
CELLS = 64
MEGABYTES = 1000
# Seconds that a process has to put itself in order after a cell.
PATIENCE = 10.0
# The process's end of the channel, away from what a test opens or closes by its number.
_HIGH_FD = 100

_READY = b"ready"
# No order is longer: the kernel refuses to send it.
_ORDER = 1 << 20


def shares(arguments: list[str]) -> bool:
    """Whether a cell may share its process. What measures a whole process, or is not Python, has one of its own."""
    try:
        found = json.loads(arguments[0])
        return (
            found.get("isolation") == "batch"
            and found["environment"]["kind"] == "python"
            and found["type"] not in ("performance", "security")
            and not found.get("coverage")
        )
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        # The cell's own launcher says what is wrong.
        return False


def memory(arguments: list[str]) -> int:
    """The cell's limit: only cells with the same can share a process, because it cannot be lifted again."""
    return json.loads(arguments[0]).get("memoryMegabytes", 0)


class Shared:
    """The launcher's side: the test process, and which cells it has run."""

    def __init__(self) -> None:
        self.pid = 0
        self.channel: int | None = None
        self.files: list[str] = []
        # The cell that was begun last has to run again, alone, or, if it was not begun at all, anywhere else.
        self.again = False
        self.begun = False
        # The process goes on.
        self.kept = False
        self._log = -1
        self._sockets = ""

    def begin(self, spec: CellSpec, scratch: Scratch, env: dict[str, str], stop: Stop) -> tuple[int, int]:
        """Has the process run a cell, and makes it first if there is none; returns its pid and its log."""
        # Unless conclude says otherwise, which a process that has just been killed prevents.
        self.again, self.begun = bool(self.files), False
        if self.pid:
            os.write(self.channel, json.dumps([spec.facts, scratch.base, env]).encode("ascii"))
            self.begun = True
            return self.pid, self._log
        # Of the kind that keeps one message from the next.
        ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self.channel = ours.detach()
        high = fcntl.fcntl(theirs.fileno(), fcntl.F_DUPFD_CLOEXEC, _HIGH_FD)
        theirs.close()
        self._sockets = _sockets()
        self.pid, self._log = child.start(lambda: _Process(high, spec).run(scratch, env), scratch.tree, env, stop, spec.memory)
        os.close(high)
        self.begun = True
        return self.pid, self._log

    def conclude(self, spec: CellSpec, ending: Ending, story: Story, passed: bool) -> None:
        """Decides whether the cell's result stands and whether the process goes on."""
        forged = ending.told and ending.code != story.exit
        # The first one had the process to itself.
        self.again = not passed and (bool(self.files) or forged)
        self.files.append(spec.file)
        self.kept = passed and ending.kept and len(self.files) < CELLS
        if not ending.kept:
            self.pid = 0
            if passed:
                _say("processes" if ending.told else "the process ended", self.files)

    def usable(self) -> bool:
        """After a cell: whether nothing of it is left, in its process or around it."""
        try:
            return self._usable()
        except Exception as error:  # noqa: BLE001 - whatever is left there: the next cell must not pay for it
            return _say(f"{type(error).__name__}: {error}", self.files)

    def _usable(self) -> bool:
        poll = select.poll()
        poll.register(self.channel, select.POLLIN)
        if not poll.poll(PATIENCE * 1000):
            return _say("not ready in time", self.files)
        told = os.read(self.channel, 256)
        if told != _READY:
            return _say(told.decode("ascii", "backslashreplace").strip() or "the process ended", self.files)
        if megabytes(self.pid) > MEGABYTES:
            return _say("memory", self.files)
        if not processes.alone(self.pid):
            return _say("processes", self.files)
        if not _emptied() or _shared_memory():
            return _say("files or shared memory", self.files)
        return _sockets() == self._sockets or _say("sockets", self.files)


def _say(left: str, files: list[str]) -> bool:
    """Tells the worker's log, for who wonders why little is shared."""
    sys.stderr.write(f"weft: a new process after {files[-1]}: {left[:200]}\n")
    sys.stderr.flush()
    return False


def _emptied() -> bool:
    """Removes what is in the folders that all cells of these namespaces have; nothing that Bazel has mounted there."""
    for folder in (namespaces.TMP, namespaces.SHM):
        if not os.path.isdir(folder):
            continue
        if namespaces.mounts_below(folder):
            return False
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                remove_tree(path)
            else:
                os.unlink(path)
        os.chmod(folder, 0o1777)
        if os.listdir(folder):
            return False
    return True


def _shared_memory() -> bool:
    """Whether there is a System V segment, semaphore or queue."""
    for kind in ("shm", "sem", "msg"):
        with open(f"/proc/sysvipc/{kind}", encoding="ascii") as lines:
            if len(lines.readlines()) > 1:
                return True
    return False


def _sockets() -> str:
    """How many there are in this network, those included that wait after their end and keep a port."""
    with open("/proc/net/sockstat", encoding="ascii") as lines:
        fields = [line.split() for line in lines]
    waiting = [line[line.index("tw") + 1] for line in fields if line[0] == "TCP:"]
    return " ".join(fields[0] + waiting)


def cells(run: Callable[..., list[str]], warm: Warm, arguments: list[str], orders: int) -> Iterator[dict]:
    """In the launcher's process: runs a cell, and then those that come on the pipe orders; yields what came of each."""
    shared = Shared()
    with open(orders, "rb") as pipe:
        while True:
            after = list(shared.files)
            # Of a cell for which there is not even a tree, the result stands, and another process begins.
            shared.again = shared.kept = False
            learnt = run(arguments, warm, shared)
            if shared.again and not shared.begun:  # an order that is too long: its own process needs none
                yield {"again": True}
                return
            yield {"again": shared.again, "after": after, "kept": shared.kept, "learnt": learnt}
            if not shared.kept:
                return
            if not shared.usable():
                os.kill(shared.pid, signal.SIGKILL)
                # Whoever has sent an order meanwhile has it run elsewhere.
                yield {"again": True}
                return
            line = pipe.readline()
            if not line:
                return
            arguments = json.loads(line)


class _Process:
    """The test process's side."""

    def __init__(self, channel: int, spec: CellSpec) -> None:
        self._channel = channel
        self._spec = spec
        self._pid = os.getpid()
        self._identity = os.fstat(channel).st_ino

    def run(self, scratch: Scratch, env: dict[str, str]) -> int:
        """Runs the cell, and those that are ordered after it; returns when it may run no more, with the last one's code."""
        spec, warm = self._spec, self._spec.warm
        before = leftovers.Before(warm)
        while True:
            before.begin()
            code = before.apart(lambda: child.run_python(spec, scratch, env))  # noqa: B023 - called at once
            child.flush()
            if not self._tell(str(code).encode("ascii")):
                return code
            left = before.put_back()
            self._tell(left[:200].encode("ascii", "replace") if left else _READY)
            # With something left, what comes is the end.
            order = self._order()
            if order is None:
                return code
            facts, base, env = order
            spec = CellSpec(facts, Manifest())
            spec.warm, scratch = warm, Scratch(base)
            child.enter(scratch.tree, env)

    def _tell(self, text: bytes) -> bool:
        """False from a copy of this process that a test has made, and where a test has closed the channel."""
        try:
            if os.getpid() != self._pid or os.fstat(self._channel).st_ino != self._identity:
                return False
            os.write(self._channel, text)
        except OSError:
            return False
        return True

    def _order(self) -> list | None:
        order = os.read(self._channel, _ORDER)
        return json.loads(order) if order else None
