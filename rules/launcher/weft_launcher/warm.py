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
import locale
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from importlib.machinery import ModuleSpec, all_suffixes
from importlib.util import spec_from_loader
from types import FrameType, ModuleType

from . import quick
from .attributes import Attributes, attributes_of

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
        self._finder = _Finder(self)

    def preload(self, find: Callable[[], Iterable[str]]) -> None:
        """Imports the modules that find names, as far as they are not there yet, and hides what came with them.

        Raises Changed when that has changed more of this process than can be hidden.
        """
        if len(self.modules) > MODULES or megabytes() > MEGABYTES:
            return
        self.attributes = None
        visible = set(sys.modules)
        self._show()
        state, real, register = _State(), builtins.__import__, atexit.register
        atexit.register = self._register
        builtins.__import__ = _recorder(real, self._imports, self.effects, state)
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
        self._finder = _Finder(self)
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


class _State:
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


def _recorder(real, imports: dict[str, set[str]], effects: dict[str, Effects], state: _State):  # noqa: ANN001, ANN202
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


class _Finder:
    """First on sys.meta_path of a cell's process: hands out hidden modules, each once."""

    def __init__(self, warm: Warm) -> None:
        self._warm = warm
        self.appeared: set[str] = set()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of a hidden module; None lets the usual finders look."""
        module = self._warm.modules.get(name)
        if module is None or name in self.appeared or name in sys.modules:
            return None
        group = self._warm.group(name)
        if not self._usable(group):
            return None
        new = [one for one in group if one not in sys.modules]
        for one in new:
            sys.modules[one] = self._warm.modules[one]
        for one in new:
            self._bind(one)
        # The import system puts the one that it asked for there itself.
        del sys.modules[name]
        return spec_from_loader(name, _Loader(module), is_package="__path__" in attributes_of(module))

    def _usable(self, group: list[str]) -> bool:
        modules, stems = self._warm.modules, {}
        for one in group:
            found = sys.modules.get(one)
            if one in _PATH_READERS:
                return False
            if found is None and (one in sys.modules or one in self.appeared):
                # Taken away by the test, or by a None there forbidden.
                return False
            if found is not None and found is not modules[one]:
                return False
            if found is None and "." not in one and not _resolves_to(one, modules[one], stems):
                return False
        return True

    def _bind(self, name: str) -> None:
        """What else an import leaves behind: the parent's attribute, and the module's effects."""
        self.appeared.add(name)
        self._warm.bind(name)
        if name in self._warm.effects:
            self._warm.effects[name].add()
        if name == "multiprocessing.process":
            sys.modules["__mp_main__"] = sys.modules["__main__"]
        if name == "numpy.random":
            # Every cell has random numbers of its own, as if it had imported the module itself.
            sys.modules[name].seed()


class _Loader:
    """Gives back the module that is there already."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        # A module that another has made may have none.
        self._spec = attributes_of(module).get("__spec__")

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec


def _resolves_to(name: str, module: ModuleType, stems: dict[str, frozenset[str]]) -> bool:
    """Whether a fresh import of the top-level name would find module's own file. stems remembers folders' entries."""
    origin = getattr(attributes_of(module).get("__spec__"), "origin", None)
    if origin in ("built-in", "frozen"):
        return True
    if not isinstance(origin, str):
        return False
    home = os.path.dirname(os.path.dirname(origin) if "__path__" in attributes_of(module) else origin)
    for folder in sys.path:
        if folder == home:
            return True
        if folder not in _PATHS and name in _stems(folder, stems):
            return False
    return False


def _stems(folder: str, known: dict[str, frozenset[str]]) -> frozenset[str]:
    if folder not in known:
        try:
            known[folder] = frozenset(_stem(entry) for entry in os.scandir(folder or "."))
        except OSError:
            known[folder] = frozenset()
    return known[folder]


def _stem(entry: os.DirEntry) -> str:
    """The module that a folder's entry may be; "" when it can be none, like a program."""
    for suffix in _SUFFIXES:
        if entry.name.endswith(suffix):
            return entry.name[: -len(suffix)]
    return entry.name if entry.is_dir() else ""


_register = atexit.register
# Modules that remember what is on sys.path while they are imported: the worker's are of no use to a cell.
_PATH_READERS = frozenset(("pkg_resources",))
_SUFFIXES = tuple(all_suffixes())
# What the interpreter itself puts on sys.path, less the launcher's own folder, which is first and gone from a cell's; and the
# folder of its programs, which is first on a cell's and holds no module.
_PATHS = frozenset([*sys.path[1:], os.path.join(sys.prefix, "bin")])
_PREFIXES = tuple(path + os.sep for path in sys.path[1:] if path)


def megabytes(pid: int | str = "self") -> float:
    """Memory that a process holds."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    except (OSError, ValueError, IndexError):
        return 0.0
