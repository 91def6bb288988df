"""Leaves no process behind: orphans become this process's children and are killed."""

from __future__ import annotations

import os
import signal
import sys
import time

# Processes that a cell may have at once; a fork bomb has them within a second.
LIMIT = 1000

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_LINUX = sys.platform == "linux"


def _prctl(option: int, value: int) -> bool:
    if not _LINUX:
        return False
    try:
        import ctypes

        return ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0
    except (ImportError, OSError, AttributeError):
        return False


_adopts = False


def become_subreaper() -> None:
    """Makes daemons of the test process (setsid, double fork) children of this process when their parent ends."""
    global _adopts
    _adopts = _adopts or _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def adopts_orphans() -> bool:
    """Whether become_subreaper has worked here (Linux)."""
    return _adopts


def die_with_parent() -> None:
    """In the child: die when the launcher is killed."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def seal(closed: bool) -> None:
    """Whether other processes of this user are kept from this one's memory and open files (/proc/PID/mem, fd)."""
    _prctl(_PR_SET_DUMPABLE, 0 if closed else 1)


def cpu_seconds(alive: int = 0) -> float:
    """User and system time of all of this process's children that have ended and were waited for, and of theirs.

    alive is the pid of one more, which goes on.
    """
    try:
        import resource

        used = resource.getrusage(resource.RUSAGE_CHILDREN)
    except (ImportError, OSError):
        return 0.0
    return used.ru_utime + used.ru_stime + (_used_by(alive) if alive else 0.0)


def _used_by(pid: int) -> float:
    """What a living process of Linux has used, and what its own children had that it has waited for."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        # The clock of another process, as clock_getcpuclockid(3) names it: finer than the ticks in stat.
        own = time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
    return own + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def kill_group(pid: int, number: int) -> None:
    """Signals the process group of pid."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def kill_descendants(grace: float, limit: float = 5.0) -> list[str]:
    """Kills and reaps all children that are left, and theirs; returns the names of those that were alive.

    grace is how many seconds they have to end by themselves, as multiprocessing's helpers do when their parent is gone.
    """
    names: list[str] = []
    killed: set[int] = set()
    begin = time.monotonic()
    while time.monotonic() < begin + limit:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid:
            continue
        if time.monotonic() < begin + grace:
            time.sleep(0.002)
            continue
        children = _children()
        names += [_name(child) for child in children if child not in killed]
        killed.update(children)
        kill_all()
        for child in children:
            _kill(child)
        time.sleep(0.002)
    return names


def alone(pid: int) -> bool:
    """Whether the child pid lives and is the only process that is left of a cell; reaps those that have ended."""
    while True:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return _children() == [pid]
        if ended.si_pid == pid:
            return False
        os.waitpid(ended.si_pid, 0)


def kill_all() -> None:
    """Kills all that it can see, if it is the first of its namespace: at once, so that none can fork away."""
    if first_of_namespace():
        _kill(-1)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def too_many() -> bool:
    """Whether a cell has more processes than any test needs; only told where all that can be seen are the cell's."""
    return first_of_namespace() and sum(entry.isdigit() for entry in os.listdir("/proc")) > LIMIT


def first_of_namespace() -> bool:
    """Whether all other processes that this one sees are its cell's: the launcher in a worker."""
    return os.getpid() == 1


def _children() -> list[int]:
    """Pids of this process's living children, from /proc (empty where there is none)."""
    own = str(os.getpid())
    all_are = first_of_namespace()
    found = []
    try:
        entries = os.listdir("/proc")
    except OSError:
        return []
    for entry in entries:
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                # pid (comm) state ppid …; comm may hold anything, so look behind its last bracket
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue
        if (fields[1].decode() == own or all_are and entry != own) and fields[0] != b"Z":
            found.append(int(entry))
    return found


def _name(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip() or "?"
    except OSError:
        return "?"
