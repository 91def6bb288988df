"""A real worker for the tests, in a network namespace of its own, and the comparison of its results with a plain action's."""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import re
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

    def __init__(self, launcher: str = LAUNCHER, network: bool = False, user: int | None = None, path: str = "") -> None:
        """path is a folder of further modules of the environment."""
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-sB", os.path.join(launcher, "weft_launcher", "main.py"), "cell", "--persistent_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=ENV | ({"PYTHONPATH": path} if path else {}),
            preexec_fn=None if network else lambda: _alone(user),
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


def _alone(user: int | None) -> None:
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


_shared: list[Worker] = []


def shared() -> Worker:
    """The worker that all tests of this process share: whatever one leaves in it, the next one meets."""
    if not _shared:
        _shared.append(Worker())
    return _shared[0]


# What no two runs have in common.
_VARYING = [
    # pytest draws lines as wide as it can beside a path.
    (re.compile(r"  File (\"|&quot;)[^\"&]*/weft_launcher/[^\n]*\n"), ""),
    (re.compile(r"[^\s\"'=<>(:]*/weft-[0-9a-f]+"), "SCRATCH"),
    (re.compile(r"x{50,}"), "x..."),
    (re.compile(r"(?<!\S)[-=_]+(?!\S)"), "---"),
    (re.compile(r"\b\d+ (bytes, first|bytes left out|characters left out)"), r"N \1"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0xADDRESS"),
    (re.compile(r"\b\d+\.\d+( ?s\b| seconds)"), "N s"),
    (re.compile(r"(time|timestamp)=\"[^\"]*\""), r'\1=""'),
    (re.compile(r"\"(start|durationSeconds|cpuSeconds|duration)\":(\"[^\"]*\"|[0-9.e-]+)"), r'"\1":0'),
]


def same_everywhere(text: str) -> str:
    """text without what differs between any two runs."""
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return text


def comparable(ran: Ran) -> list[str]:
    """The words that a plain action and a worker must agree on. (Of lines, pytest breaks some by the length of paths.)"""
    cell = {key: value for key, value in ran.cell.items() if key not in ("sandbox", "start", "durationSeconds", "cpuSeconds")}
    xml = re.sub(r"<property name=\"weft.cell\"[^>]*>", "", ran.xml)
    return re.split(r"[,\s]+", "\n".join(map(same_everywhere, (json.dumps(cell, indent=1, sort_keys=True), ran.log, xml))))
