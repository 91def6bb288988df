"""A real worker for the tests, in a network namespace of its own, and the comparison of its results with a plain action's."""

from __future__ import annotations

import atexit
import ctypes
import errno
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

from harness import LAUNCHER, Ran

_NEWUSER_AND_NEWNET = 0x50000000
_PR_SET_DUMPABLE = 4

# As rules_weft sets them for a cell's launcher; TMPDIR is whoever's that started Bazel.
ENV = {"PATH": sys.prefix + "/bin", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "SECRET": "x", "TMPDIR": "/nowhere"}


class Worker:
    """Speaks Bazel's side of the protocol."""

    def __init__(
        self, launcher: str = LAUNCHER, network: bool = False, user: int | None = None, path: str = "", sockets: bool = True
    ) -> None:
        """path is a folder of further modules of the environment; without sockets the kernel refuses to make any."""
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-sB", os.path.join(launcher, "weft_launcher", "main.py"), "cell", "--persistent_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=ENV | ({"PYTHONPATH": path} if path else {}),
            preexec_fn=None if network else lambda: _alone(user, sockets),
        )
        self._requests = 0
        atexit.register(self.end)

    def send(self, arguments: list[str], **more: object) -> int:
        """Sends a request; returns its id."""
        self._requests += 1
        self.write({"arguments": arguments, "inputs": [], "requestId": self._requests, **more})
        return self._requests

    def write(self, request: dict) -> None:
        """Sends any line."""
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict:
        """The next response."""
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"the worker has ended ({self.process.returncode}): {self.talk()}")
        return json.loads(line)

    def talk(self) -> str:
        """What the worker has said to its log."""
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def end(self) -> int:
        """Closes the stream, as Bazel does, and waits."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait()
        self.process.stdout.close()
        self.log.close()
        return code


def _alone(user: int | None, sockets: bool) -> None:
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        # Who has become somebody else may not write to its own /proc before this.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1)
    uid, gid = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(_NEWUSER_AND_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for path, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{path}", "w", encoding="ascii") as file:
            file.write(text)
    if not sockets:
        _refuse_sockets()


# The number of socket(2) by machine, and what seccomp(2) needs to refuse it.
_SOCKET = {"x86_64": 41, "aarch64": 198}
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2


def _refuse_sockets() -> None:
    """Like a container's seccomp filter: socket(2) is not permitted."""
    steps = [
        (0x20, 0, 0, 0),  # load the call's number
        (0x15, 0, 1, _SOCKET[os.uname().machine]),  # another one: over the next step
        (0x06, 0, 0, 0x00050000 | errno.EPERM),  # return this error
        (0x06, 0, 0, 0x7FFF0000),  # go on
    ]
    program = b"".join(struct.pack("HBBI", *step) for step in steps)
    text = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(text))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


_shared: list[Worker] = []


def shared() -> Worker:
    """The worker that all tests of this process share: whatever one leaves in it, the next one meets."""
    if not _shared:
        _shared.append(Worker())
    return _shared[0]


# What no two runs have in common; e2e compares by the same list.
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "varying.json"), encoding="utf-8") as _file:
    _VARYING = [(re.compile(pattern), replacement.replace("$", "\\")) for pattern, replacement in json.load(_file)]
# Lines, which pytest draws as wide as it can beside what it says.
_DRAWN = re.compile(r"[-=_]+")


def same_everywhere(text: str) -> list[str]:
    """The words of text without what differs between any two runs. (Of lines, pytest breaks some by the length of paths.)"""
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return [_DRAWN.fullmatch(word) and "---" or word for word in re.split(r"[,\s]+", text)]


def comparable(ran: Ran) -> list[str]:
    """The words that a plain action and a worker must agree on."""
    cell = {key: value for key, value in ran.cell.items() if key not in ("sandbox", "start", "durationSeconds", "cpuSeconds")}
    return same_everywhere("\n".join((json.dumps(cell, indent=1, sort_keys=True), ran.log, ran.xml)))
