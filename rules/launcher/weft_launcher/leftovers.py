"""What a cell has left in a process that goes on: put back where that is sure to be right, and else named.

Modules of the project leave it, those of the environment are hidden again (see warm.py). Whatever cannot be undone ends
the process; the cell that left it began clean, so its result stands.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import locale
import os
import resource
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextvars import copy_context
from types import ModuleType

from . import child
from .attributes import attributes_of
from .effects import set_filters
from .interpreter import Interpreter
from .warm import Warm, of_environment

# Of what the environment's modules do at the interpreter's exit, the interpreter's own part can be done again at each cell's
# end. (Of the others some would close what the next cell needs.)
_EXITS = frozenset(("logging", "multiprocessing.util", "weakref"))
# What asyncio keeps for a thread.
_RUNNING_LOOP = "__asyncio_running_event_loop__"
# Modules in which a fork changes something.
_FORKED = ("threading", "weft_launcher.namespaces", "weft_launcher.processes")
_LIMITS = [name for name in dir(resource) if name.startswith("RLIMIT_")]
_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)


class Before:
    """What there is in the process before its first cell."""

    def __init__(self, warm: Warm) -> None:
        self._warm = warm
        self._visible = dict(sys.modules)
        self._lists = [(one, list(one)) for one in (sys.path, sys.path_hooks, sys.meta_path, gc.callbacks)]
        self._filters = list(warnings.filters)
        self._finders = dict(sys.path_importer_cache)
        self._settings = [get() for get, _ in _SETTINGS]
        # Numpy changes its list in place.
        self._of_thread = [(key, value, list(value) if type(value) is list else None) for key, value in _of_thread().items()]
        # Where the kernel's headers were old when Python was made, this opens a file for good.
        os.urandom(1)
        self._interpreter = Interpreter(self._module)
        self._facts = {**_facts(), **self._interpreter.facts()}
        for name in _FORKED:
            if self._module(name) is not None:
                warm.attributes.take(name, self._module(name))
        self._loggers = _Loggers(warm.modules.get("logging") or sys.modules.get("logging"))

    def begin(self) -> None:
        """Gives the next cell what each has of its own: random numbers, and what is done at its end."""
        random = self._module("random")
        if random is not None:
            random.seed()
        # Those that are there are the worker's.
        atexit._clear()
        self._closed = ""
        for function, arguments, named in self._warm.exits:
            if getattr(function, "__module__", None) in _EXITS:
                atexit.register(function, *arguments, **named)
            else:
                atexit.register(self._close, function, arguments, named)

    def _close(self, function: Callable, arguments: tuple, named: dict) -> None:
        """What a module of the environment does at the exit: if the cell has it, and then the process is not used again."""
        module = getattr(function, "__module__", None)
        if module is None or module in self._warm.appeared():
            self._closed = f"exit function of {module}"
            function(*arguments, **named)

    def apart(self, run: Callable[[], int]) -> int:
        """Calls run with context variables of its own, which begin as the worker's imports left them."""
        context, decimal = copy_context(), self._module("decimal")
        if decimal is not None:
            context.run(lambda: decimal.setcontext(decimal.getcontext().copy()))
        return context.run(run)

    def put_back(self) -> str:
        """After a cell: undoes what it has left; what it could not undo, "" for nothing."""
        try:
            return self._closed or _unheard(lambda: self._forget_modules() or self._put_back()) or self._compare()
        except BaseException as error:  # noqa: BLE001 - what a test has made of this process
            return f"{type(error).__name__}: {error}"

    def _module(self, name: str) -> ModuleType | None:
        return self._warm.modules.get(name) or sys.modules.get(name)

    def _forget_modules(self) -> str:
        """Takes away the project's modules."""
        for name, module in self._visible.items():
            if sys.modules.get(name) is not module and name != "__main__":
                return f"another module {name}"
        for name, module in list(sys.modules.items()):
            if name in self._visible or module is self._warm.modules.get(name, self):
                continue
            loader = type(attributes_of(module).get("__loader__")).__name__
            # A plugin whose assertions pytest rewrites is made again for each cell.
            if of_environment(name, module) and loader != "AssertionRewritingHook":
                return f"module {name}"
            if loader == "ExtensionFileLoader":
                # It cannot be loaded twice.
                return f"extension module {name}"
            parent, _, child = name.rpartition(".")
            if attributes_of(sys.modules.get(parent)).get(child) is module:
                delattr(sys.modules[parent], child)
            del sys.modules[name]
        sys.modules["__main__"] = self._visible["__main__"]
        return ""

    def _put_back(self) -> str:
        self._warm.hide_again()
        for one, before in self._lists:
            one[:] = before
        set_filters(self._filters)
        sys.path_importer_cache.clear()
        sys.path_importer_cache.update(self._finders)
        os.chdir("/")
        os.environ.clear()
        # What putenv has added is not in os.environ.
        ctypes.CDLL(None).clearenv()
        for (get, put), before in zip(_SETTINGS, self._settings):
            if get() != before:
                put(before)
        self._interpreter.put_back()
        self._loggers.put_back()
        self._put_thread_back(_of_thread())
        gc.collect()
        return ""

    def _put_thread_back(self, of_thread: dict) -> None:
        # asyncio's C code has the address of this one without a reference to it (before Python 3.12).
        loop = of_thread.get(_RUNNING_LOOP, self)
        of_thread.clear()
        for key, value, entries in self._of_thread:
            of_thread[key] = value
            if entries is not None:
                value[:] = entries
        if loop is not self:
            of_thread[_RUNNING_LOOP] = loop
            self._module("asyncio.events")._set_running_loop(None)

    def _compare(self) -> str:
        """What is another than it was."""
        warm, now = self._warm, {**_facts(), **self._interpreter.facts()}
        for what, before in self._facts.items():
            if now[what] != before:
                return what
        left = warm.attributes.changed(warm.appeared())
        if not left:
            warm.prepare_again()
        return left


def _of_thread() -> dict:
    """What the thread holds for extension modules: threading.local's values, and numpy's error settings before its version 2."""
    get = ctypes.PyDLL(None).PyThreadState_GetDict
    # Borrowed, so not py_object.
    get.restype = ctypes.c_void_p
    return ctypes.cast(get(), ctypes.py_object).value


def _unheard(run: Callable[[], str]) -> str:
    """Calls run while what is printed goes nowhere.

    The cell has ended, and its log: what its objects print when they are collected, and what libc still holds, an end of
    the process would have kept from being written.
    """
    kept, null = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        os.dup2(null, 2)
        left = run()
        child.flush()
        ctypes.CDLL(None).fflush(None)
        return left
    finally:
        for fd, stream in zip(kept, (1, 2)):
            os.dup2(fd, stream)
        for fd in (*kept, null):
            os.close(fd)


def _handlers() -> list:
    return [signal.getsignal(number) for number in sorted(signal.valid_signals())]


def _set_handlers(handlers: list) -> None:
    for number, handler in zip(sorted(signal.valid_signals()), handlers):
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def _timers() -> list:
    return [signal.getitimer(timer) for timer in _TIMERS]


def _set_timers(values: list) -> None:
    for timer, value in zip(_TIMERS, values):
        signal.setitimer(timer, *value)


def _set_gc(enabled: bool) -> None:
    if enabled:
        gc.enable()
    else:
        gc.disable()


# What can be asked for and set: (get, set)
_SETTINGS: list[tuple[Callable, Callable]] = [
    (sys.gettrace, sys.settrace),
    (sys.getprofile, sys.setprofile),
    (lambda: sys.excepthook, lambda hook: setattr(sys, "excepthook", hook)),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.getswitchinterval, sys.setswitchinterval),
    (sys.get_asyncgen_hooks, lambda hooks: sys.set_asyncgen_hooks(*hooks)),
    (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth),
    (gc.isenabled, _set_gc),
    (gc.get_threshold, lambda values: gc.set_threshold(*values)),
    (gc.get_debug, gc.set_debug),
    (lambda: locale.setlocale(locale.LC_ALL), lambda value: locale.setlocale(locale.LC_ALL, value)),
    (_handlers, _set_handlers),
    (_timers, _set_timers),
    (lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()), lambda signals: signal.pthread_sigmask(signal.SIG_SETMASK, signals)),
    (socket.getdefaulttimeout, socket.setdefaulttimeout),
]


def _facts() -> dict[str, object]:
    """What can be seen and not be undone."""
    return {
        "threads": (len(os.listdir("/proc/self/task")), threading.active_count()),
        "child processes": _has_children(),
        "open files": _open_files(),
        "limits": [resource.getrlimit(getattr(resource, name)) for name in _LIMITS],
        "priority": (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0), os.getpgid(0)),
        "streams": [stream is None or stream.closed for stream in (sys.stdin, sys.stdout, sys.stderr)],
        "time zone": (time.tzname, time.timezone, time.altzone),
    }


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _open_files() -> dict[str, str]:
    found = {}
    for fd in os.listdir("/proc/self/fd"):
        try:
            found[fd] = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            # The one that the folder itself was read by.
            pass
    return found


class _Loggers:
    """The loggers of the environment's modules, and the tree that they stand in."""

    def __init__(self, logging: ModuleType | None) -> None:
        self._manager = logging.root.manager if logging is not None else None
        if self._manager is not None:
            self._known = dict(self._manager.loggerDict)
            self._disable = self._manager.disable
            # All handlers, for the end; of the worker's configuration of pytest they are never freed.
            self._handlers, self._all = logging._handlerList, list(logging._handlerList)
            found = [logging.root, *(one for one in self._known.values() if hasattr(one, "handlers"))]
            self._state = [
                (one, one.parent, one.level, one.propagate, one.disabled, list(one.handlers), list(one.filters))
                for one in found
            ]

    def put_back(self) -> None:
        """Takes out what has come since."""
        if self._manager is None:
            return
        self._manager.loggerDict.clear()
        self._manager.loggerDict.update(self._known)
        self._manager.disable = self._disable
        self._handlers[:] = self._all
        for one, parent, level, propagate, disabled, handlers, filters in self._state:
            one.parent, one.level, one.propagate, one.disabled = parent, level, propagate, disabled
            one.handlers[:], one.filters[:] = handlers, filters
        self._manager._clear_cache()
