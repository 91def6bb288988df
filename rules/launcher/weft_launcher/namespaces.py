"""A cell's own namespaces in a worker: processes, mounts, IPC, so that nothing of it is seen by or left to the next.

Linux only, by the calls that unshare(1) and mount(8) make. Python has os.unshare since 3.12; environments are older.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct

_NEWNS = 0x00020000
_NEWIPC = 0x08000000
_NEWUSER = 0x10000000
_NEWPID = 0x20000000
_NEWNET = 0x40000000

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1

_MS_NOSUID = 2
_MS_NODEV = 4
_MS_NOEXEC = 8
_MS_BIND = 4096
_MS_REC = 16384
_MS_PRIVATE = 1 << 18

TMP = "/tmp"
SHM = "/dev/shm"


class Unavailable(Exception):
    """This machine or sandbox gives no namespaces; the text says which call was refused, and how."""


def enter() -> None:
    """Moves this process, which must have one thread, into namespaces of its own, with an empty /tmp and /dev/shm.

    The process namespace begins with the next fork: that child is its first process, and must call mount_proc.
    """
    global _unprivileged
    uid, gid = os.getuid(), os.getgid()
    _unprivileged = _capabilities() == 0
    libc = ctypes.CDLL(None, use_errno=True)
    _call(libc, "unshare", _NEWUSER | _NEWNS | _NEWIPC | _NEWNET | _NEWPID)
    # The same numbers as outside: whoever owns a file there owns it here.
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _call(libc, "mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    _loopback_up()
    # Bazel's own mounts below /tmp (a workspace that lies there) stay.
    kept = [(point, os.open(point, os.O_PATH | os.O_CLOEXEC)) for point in mounts_below(TMP)]
    for folder in (TMP, SHM):
        if os.path.isdir(folder):
            _call(libc, "mount", b"tmpfs", folder.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, b"mode=1777")
    for point, fd in kept:
        _mount_again(libc, f"/proc/self/fd/{fd}", point)
        os.close(fd)


def _loopback_up() -> None:
    """A cell may serve itself; in a worker's own network the loopback device is down."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP))
    except OSError as error:
        raise Unavailable(f"the loopback device: {error.strerror}") from None


def _mount_again(libc: ctypes.CDLL, source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    _call(libc, "mount", os.fsencode(source), os.fsencode(target), None, _MS_BIND | _MS_REC, None)


def mount_proc() -> None:
    """In the first process of a process namespace: /proc shows this namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    _call(libc, "mount", b"proc", b"/proc", b"proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None)


def drop_privileges() -> None:
    """In the test's process: what a user namespace gives beyond what the worker itself may do, like opening any file."""
    if _unprivileged:
        libc = ctypes.CDLL(None, use_errno=True)
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        _call(libc, "capset", header, (ctypes.c_uint32 * 6)())


_CAPABILITY_VERSION = 0x20080522
# Whether this process had no capabilities before it entered namespaces of its own.
_unprivileged = False


def _capabilities() -> int:
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
        return next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)


def mounts_below(folder: str) -> list[str]:
    """Mount points below folder, outermost first."""
    points = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            point = line.split(" ")[4].replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
            if point.startswith(folder + "/"):
                points.append(point)
    return sorted(set(points))


def _call(libc: ctypes.CDLL, name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise Unavailable(f"{name}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from None

