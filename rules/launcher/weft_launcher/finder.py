"""How a hidden module appears in a cell's process: when the cell imports it, if that would find the very same file."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, all_suffixes
from importlib.util import spec_from_loader
from types import ModuleType

from .attributes import attributes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .warm import Warm


class Finder:
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
    own = attributes_of(module)
    origin = getattr(own.get("__spec__"), "origin", None)
    if origin in ("built-in", "frozen"):
        return True
    if not isinstance(origin, str):
        # One that another module has made, as Cython's do: of no file, so only a project's own can stand in its place.
        made = own.get("__spec__") is None and "__file__" not in own
        return made and not any(folder not in _PATHS and name in _stems(folder, stems) for folder in sys.path)
    home = os.path.dirname(os.path.dirname(origin) if "__path__" in own else origin)
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


# Modules that remember what is on sys.path while they are imported: the worker's are of no use to a cell.
_PATH_READERS = frozenset(("pkg_resources",))
_SUFFIXES = tuple(all_suffixes())
# What the interpreter itself puts on sys.path, less the launcher's own folder, which is first and gone from a cell's; and the
# folder of its programs, which is first on a cell's and holds no module.
_PATHS = frozenset([*sys.path[1:], os.path.join(sys.prefix, "bin")])
