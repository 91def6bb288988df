"""What a worker keeps ready: the environment's modules, imported once and hidden until a cell imports them itself.

A cell must not be able to tell a warm interpreter from a fresh one. So a module that the worker has imported is not in the
cell's sys.modules: it appears, with all that it imported in turn, at the moment when the cell imports it, and only when
the cell's own search path would find the very same files. A project that has a `packaging` of its own gets its own, and so
does everything that imports it.
"""

from __future__ import annotations

import atexit
import builtins
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from types import ModuleType

from . import quick
from .attributes import Attributes, attributes_of
from .effects import Effects, State, recorder
from .finder import Finder

# A worker that holds more than this imports no more; a cell then imports the rest itself.
MODULES = 4000
MEGABYTES = 600


class Warm:
    """The hidden modules of one worker."""

    def __init__(self) -> None:
        # In the order in which they were imported.
        self.modules: dict[str, ModuleType] = {}
        # Names that were tried in vain, or whose import changes more than can be hidden.
        self.refused: set[str] = set()
        # module → what was imported while it was imported itself
        self._imports: dict[str, set[str]] = {}
        # module → what else its import adds
        self.effects: dict[str, Effects] = {}
        # Modules that are attributes of their parents.
        self._bound: set[str] = set()
        self.prepared: quick.Prepared | None = None
        self.attributes: Attributes | None = None
        # What they have registered to be done at the interpreter's exit: (function, arguments, named arguments).
        self.exits: list[tuple[Callable, tuple, dict]] = []
        # What a cell's process has before it imports anything.
        self._visible: frozenset[str] = frozenset()
        self._finder = Finder(self)

    def preload(self, find: Callable[[], Iterable[str]]) -> None:
        """Imports the modules that find names, as far as they are not there yet, and hides what came with them.

        Raises Changed when that has changed more of this process than can be hidden.
        """
        if len(self.modules) > MODULES or megabytes() > MEGABYTES:
            return
        self.attributes = None
        visible = set(sys.modules)
        self._show()
        state, real, register = State(), builtins.__import__, atexit.register
        atexit.register = self._register
        builtins.__import__ = recorder(real, self._imports, self.effects, state)
        try:
            for name in find():
                if name in sys.modules or name in self.refused:
                    continue
                before = set(sys.modules)
                try:
                    importlib.import_module(name)
                except BaseException:  # noqa: BLE001 - whatever it is: the cell shall see it, not the worker
                    self.refused.add(name)
                self._adopt(name, before)
                state.attribute(name, self.effects)
                if not state.same():
                    raise Changed(name)
            if self.prepared is None and "pytest" in sys.modules:
                self.prepared = quick.prepare()
        finally:
            builtins.__import__ = real
            atexit.register = register
            state.undo()
            self._hide(visible)

    def remember(self) -> None:
        """In the worker: what the modules hold, for the processes that run several cells."""
        if self.attributes is None:
            self.attributes = Attributes({**sys.modules, **self.modules})

    def appeared(self) -> frozenset[str]:
        """In the cell's process: the modules that it began with, and those that have appeared."""
        return self._visible | self._finder.appeared

    def hide_again(self) -> None:
        """In a process that runs several cells, after one of which nothing but hidden modules is left."""
        if self.prepared is not None:
            self.prepared.give_back()
        self.attributes.forget(self.appeared())
        self._hide(self._visible)

    def prepare_again(self) -> None:
        """In such a process, for the next cell."""
        if self.prepared is not None and "pytest" in self._finder.appeared:
            self._show()
            self.prepared.renew()
            self._hide(self._visible)

    def _register(self, function: Callable, *arguments: object, **named: object) -> Callable:
        self.exits.append((function, arguments, named))
        return _register(function, *arguments, **named)

    def _adopt(self, root: str, before: set[str]) -> None:
        """Modules that another has put into sys.modules by itself, unseen by the import system, come with it."""
        imported = set().union(*self._imports.values())
        for name in sys.modules:
            parent = name.rpartition(".")[0]
            if name in before or name == root:
                continue
            # pyexpat.model is no file (pyexpat is no package), py.io is made by py itself.
            if parent in sys.modules and not (_is_package(parent) and _imported(name)):
                self._imports.setdefault(parent, set()).add(name)
            elif name not in imported:
                self._imports.setdefault(root, set()).add(name)

    def _show(self) -> None:
        sys.modules.update(self.modules)
        for name in self.modules:
            self.bind(name)

    def _hide(self, visible: set[str]) -> None:
        hidden = [name for name in sys.modules if name not in visible]
        for name in hidden:
            # importlib.metadata must not be there for who imported importlib only.
            parent, _, child = name.rpartition(".")
            module = sys.modules[name]
            if parent and _imported(name) and attributes_of(sys.modules[parent]).get(child) is module:
                self._bound.add(name)
                delattr(sys.modules[parent], child)
        for name in hidden:
            module = sys.modules.pop(name)
            # multiprocessing's other name for __main__ is the cell's own.
            if module is not None and name != "__mp_main__":
                self.modules[name] = module

    def bind(self, name: str) -> None:
        """Gives a module's parent the attribute that its import leaves there."""
        if name in self._bound:
            parent, _, child = name.rpartition(".")
            setattr(sys.modules[parent], child, self.modules[name])

    def group(self, name: str) -> list[str]:
        """What must appear when name is imported: it, its parents, and what they imported in turn.

        Modules that are there already end the search: theirs appeared with them.
        """
        todo, found = [name], {}
        while todo:
            one = todo.pop()
            if one in found or one not in self.modules:
                continue
            found[one] = None
            if one == name or sys.modules.get(one) is not self.modules[one]:
                todo.extend(self._imports.get(one, ()))
                todo.append(one.rpartition(".")[0])
        return list(found)

    def install(self) -> None:
        """In the cell's process: makes the hidden modules importable."""
        self._visible = frozenset(sys.modules)
        self._finder = Finder(self)
        sys.meta_path.insert(0, self._finder)

    def learnt(self) -> list[str]:
        """In the cell's process, at its end: the environment's modules that it had to import itself."""
        found = []
        for name, module in list(sys.modules.items()):
            if name not in self.modules and name not in self._visible and of_environment(name, module):
                found.append(name)
        return found


def of_environment(name: str, module: object) -> bool:
    """Whether the import system has made the module from a file of the environment, or it is built into Python."""
    spec = attributes_of(module).get("__spec__")
    origin = getattr(spec, "origin", None)
    if not isinstance(origin, str) or spec.name != name:
        return False
    return origin in ("built-in", "frozen") or origin.startswith(_PREFIXES)


def _imported(name: str) -> bool:
    """Whether the import system has made the module, not another module's code."""
    return getattr(attributes_of(sys.modules[name]).get("__spec__"), "name", None) == name


def _is_package(name: str) -> bool:
    return "__path__" in attributes_of(sys.modules[name])


class Changed(Exception):
    """The import of this module has changed more of the worker than its modules."""


_register = atexit.register
_PREFIXES = tuple(path + os.sep for path in sys.path[1:] if path)


def megabytes(pid: int | str = "self") -> float:
    """Memory that a process holds."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    except (OSError, ValueError, IndexError):
        return 0.0
