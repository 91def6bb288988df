"""What the interpreter, libc and the kernel keep for a process outside its modules' attributes: see leftovers.py.

An audit hook is not seen and stays: nothing tells of one but another hook, through which every import and open of each
cell would then go.
"""

from __future__ import annotations

import abc
import codecs
import ctypes
import encodings
import gc
import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

_PERSONALITY = 0xFFFFFFFF
# Asked of prctl: PR_GET_DUMPABLE, _KEEPCAPS, _SECUREBITS, _TIMERSLACK, _THP_DISABLE, which it returns …
_RETURNED = (3, 7, 27, 30, 42)
# … and PR_GET_PDEATHSIG, _CHILD_SUBREAPER, which it writes.
_WRITTEN = (2, 37)
_STATUS = ("Uid", "Gid", "Groups", "NoNewPrivs", "Seccomp", "Cap")
# The masks of signals among it; SigQ and SigPnd are of signals, not of their handling.
_MASKS = ("SigBlk", "SigIgn", "SigCgt")
# libc's own signals, 32 and 33, which it handles from a process's first thread on.
_OF_LIBC = 0b11 << 31


def _switch(is_on: str, on: str, off: str) -> tuple[Callable, Callable]:
    """Of what a module's functions of these names turn on and off."""
    return (
        lambda module: getattr(module, is_on)(),
        lambda module, value: getattr(module, on if value else off)(),
    )


def _set_process(process: ModuleType, value: tuple) -> None:
    current = process.current_process()
    current.name = value[0]
    current._config.clear()
    current._config.update(value[1])


# What can be asked of a module's functions and told them: (module, get, set). Those that can be hidden are not imported here.
_SETTINGS: list[tuple[str, Callable, Callable]] = [
    ("csv", lambda csv: csv.field_size_limit(), lambda csv, value: csv.field_size_limit(value)),
    ("faulthandler", *_switch("is_enabled", "enable", "disable")),
    (
        "multiprocessing.process",
        lambda process: (process.current_process().name, dict(process.current_process()._config)),
        _set_process,
    ),
    # pytest remembers which marks a project has registered.
    (
        "_pytest.mark.structures",
        lambda structures: set(getattr(structures.MARK_GEN, "_markers", ())),
        lambda structures, value: setattr(structures.MARK_GEN, "_markers", set(value)),
    ),
    ("signal", lambda signal: signal.set_wakeup_fd(-1), lambda signal, value: signal.set_wakeup_fd(value)),
    ("sys", lambda sys: sys.getdlopenflags(), lambda sys, value: sys.setdlopenflags(value)),
    ("sys", lambda sys: getattr(sys, "get_int_max_str_digits", int)(), lambda sys, value: sys.set_int_max_str_digits(value)),
    ("threading", lambda threading: threading.stack_size(), lambda threading, value: threading.stack_size(value)),
    ("tracemalloc", *_switch("is_tracing", "start", "stop")),
]


class Interpreter:
    """What there is of it before the first cell; module finds a module that may be hidden."""

    def __init__(self, module: Callable[[str], ModuleType | None]) -> None:
        self._module = module
        self._tables = [(table, table.copy()) for table in _tables()]
        self._settings = [get(found) for found, get, _ in self._found()]
        self._asked = list(self._found())

    def _found(self) -> Iterator[tuple[ModuleType, Callable, Callable]]:
        for name, get, put in _SETTINGS:
            module = self._module(name)
            if module is not None:
                yield module, get, put

    def put_back(self) -> None:
        """Puts back what can be."""
        for table, before in self._tables:
            table.clear()
            if isinstance(table, list):
                table.extend(before)
            else:
                table.update(before)
        for (module, get, put), before in zip(self._asked, self._settings):
            if get(module) != before:
                put(module, before)

    def facts(self) -> dict[str, object]:
        """What can be seen and not be undone."""
        decimal = self._module("decimal")
        contexts = ("DefaultContext", "BasicContext", "ExtendedContext") if decimal is not None else ()
        return {
            "scheduling": (os.sched_getscheduler(0), os.sched_getparam(0).sched_priority),
            "attributes of the process": _attributes(),
            "rounding": ctypes.CDLL(None).fegetround() if hasattr(ctypes.CDLL(None), "fegetround") else 0,
            "registered classes": abc.get_cache_token(),
            "decimal's contexts": [repr(getattr(decimal, name)) for name in contexts],
            "encodings": [
                (stream.encoding, stream.errors, stream.line_buffering)
                for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)
                if stream is not None
            ],
        }


def _nothing() -> None:
    """What the interpreter's lists of what is done at a fork are found by."""


def _tables() -> list[list | dict]:
    """The interpreter's own, which no module has: of codecs, and of what is done at a fork."""
    os.register_at_fork(before=_nothing, after_in_parent=_nothing, after_in_child=_nothing)
    # The worker has frozen what it has, and frozen objects are not searched.
    gc.unfreeze()
    found = gc.get_referrers(_nothing, encodings.search_function, codecs.strict_errors, codecs.lookup("utf-8"))
    gc.freeze()
    return [table for table in found if type(table) in (list, dict) and "__name__" not in table]


def _attributes() -> list[object]:
    """What the kernel says of the process, and what a process can only say of itself."""
    libc = ctypes.CDLL(None)
    found: list[object] = [libc.personality(_PERSONALITY), *(libc.prctl(option, 0, 0, 0, 0) for option in _RETURNED)]
    for option in _WRITTEN:
        number = ctypes.c_int(0)
        libc.prctl(option, ctypes.byref(number), 0, 0, 0)
        found.append(number.value)
    for name in ("comm", "oom_score_adj"):
        with open(f"/proc/self/{name}", "rb") as file:
            found.append(file.read())
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            if name in _MASKS:
                found.append(int(value, 16) & ~_OF_LIBC)
            elif name.startswith(_STATUS):
                found.append(line)
    return found
