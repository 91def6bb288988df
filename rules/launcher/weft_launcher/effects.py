"""What an import changes besides modules, and which module imports which: noted while a worker imports."""

from __future__ import annotations

import builtins
import locale
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from types import FrameType


class Effects:
    """What a module's import adds to what all modules share; it is added again when the module appears."""

    def __init__(self) -> None:
        self.filters: list = []
        self.finders: list = []
        self.excepthook: Callable | None = None

    def add(self) -> None:
        """In the cell's process: as the import would."""
        sys.meta_path.extend(self.finders)
        if self.filters:
            set_filters([*self.filters, *warnings.filters])
        if self.excepthook is not None:
            sys.excepthook = self.excepthook


class State:
    """What an import may change besides modules; a cell would see it without having imported anything."""

    def __init__(self) -> None:
        self._before = self._seen = self._shared()
        self._rest = self._facts()

    @staticmethod
    def _shared() -> tuple[list, list, Callable]:
        return list(warnings.filters), list(sys.meta_path), sys.excepthook

    @staticmethod
    def _facts() -> tuple:
        return (
            dict(os.environ), list(sys.path), list(sys.path_hooks), sys.displayhook, sys.stdout, sys.stderr, os.getcwd(),
            threading.active_count(), sys.getrecursionlimit(), frozenset(vars(builtins)), locale.setlocale(locale.LC_ALL),
            [signal.getsignal(number) for number in signal.valid_signals()],
        )  # fmt: skip

    def attribute(self, name: str, effects: dict[str, Effects]) -> None:
        """Notes what has been added since the last call as an effect of name."""
        now = self._shared()
        if now == self._seen:
            return
        effect = effects.setdefault(name, Effects())
        effect.filters += [one for one in now[0] if one not in self._seen[0]]
        effect.finders += [one for one in now[1] if one not in self._seen[1]]
        if now[2] is not self._seen[2]:
            effect.excepthook = now[2]
        self._seen = now

    def same(self) -> bool:
        """Whether nothing has changed that cannot be undone."""
        return self._rest == self._facts()

    def undo(self) -> None:
        """Takes the additions out of this process again."""
        filters, sys.meta_path[:], sys.excepthook = self._before
        set_filters(filters)


def set_filters(filters: list) -> None:
    """Makes these the filters of warnings."""
    warnings.filters[:] = filters  # type: ignore[index]
    # What the module's own functions call after a change; without it a cache of its is stale.
    mutated = getattr(warnings, "_filters_mutated", None) or getattr(warnings, "_filters_mutated_lock_held", None)
    if mutated is not None:
        mutated()


def recorder(real, imports: dict[str, set[str]], effects: dict[str, Effects], state: State):  # noqa: ANN001, ANN202
    """An __import__ that notes which module imports which, and whose import changes what."""

    def record(name, globals=None, locals=None, fromlist=(), level=0):  # noqa: ANN001, ANN202, A002
        executing = _executing(sys._getframe(1))
        state.attribute(executing or name, effects)
        result = real(name, globals, locals, fromlist, level)
        full = _absolute(name, globals or {}, level)
        state.attribute(full, effects)
        if executing:
            found = imports.setdefault(executing, set())
            found.add(full)
            found.update(f"{full}.{part}" for part in fromlist or () if f"{full}.{part}" in sys.modules)
        return result

    return record


def _absolute(name: str, globals: dict, level: int) -> str:  # noqa: A002
    if not level:
        return name
    package = globals.get("__package__") or ""
    for _ in range(level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{name}" if name else package


def _executing(frame: FrameType | None) -> str | None:
    """The module whose body is running; None when the import is none of a body's (a function that is called later)."""
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            initializing = getattr(frame.f_globals.get("__spec__"), "_initializing", False)
            return frame.f_globals.get("__name__") if initializing else None
        frame = frame.f_back
    return None
