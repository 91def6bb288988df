"""What modules hold: their attributes, those of their classes, their tables and lists, each as it was before cells ran.

Compared is by identity, one level deep: a function that a test has replaced and forgotten is seen, a method that a class has
more, a setting in a table of settings; what an object of the module's holds in turn is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import is_
from types import ModuleType

# What is larger is data, which nobody changes.
LARGEST = 5000
# What only saves work, or what each cell begins without, or what is put back elsewhere; by its full name.
UNHEEDED = frozenset(
    (
        "inspect._filesbymodname", "inspect.modulesbyfile", "logging._handlerList", "posix.environ", "sys.argv", "sys.meta_path",
        "sys.modules", "sys.path", "sys.path_hooks", "warnings.filters",
    )
)  # fmt: skip
# Attributes of the interpreter's own modules that are set when they are first needed; a cell begins without.
GIVEN_BACK = frozenset(
    (
        "__slotnames__", "__warningregistry__", "_pytest_diamond_inheritance_warning_shown", "multiprocessing.util._exiting",
        "tempfile._name_sequence", "tempfile.tempdir", "weakref.finalize._registered_with_atexit",
        "weakref.finalize._shutdown",
    )
)  # fmt: skip
_NONE = object()


def attributes_of(module: object) -> dict:
    """A module's own attributes, without a word to it: some (apipkg's) import what is asked for, even for vars()."""
    return ModuleType.__dict__["__dict__"].__get__(module) if isinstance(module, ModuleType) else {}


class Attributes:
    """What the modules hold at the time when it is made."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self._held = {name: list(_collections(name, module)) for name, module in modules.items()}

    def take(self, name: str, module: ModuleType) -> None:
        """Has what a module holds now stand for what it held."""
        self._held[name] = list(_collections(name, module))

    def changed(self, names: Iterable[str]) -> str:
        """What the modules of these names hold that they did not; "" for nothing, or nothing that could not be given back."""
        for name in names:
            for held in self._held.get(name, ()):
                if not held.same():
                    left = held.difference()
                    if left:
                        return left
        return ""


def _collections(name: str, module: ModuleType) -> Iterator[_Held]:
    own = attributes_of(module)
    if type(module) is not ModuleType:
        # One that makes its attributes when they are asked for.
        return
    yield _Held(name, own, module)
    for key, value in own.items():
        full = f"{name}.{key}"
        if isinstance(value, type):
            if value.__dict__.get("__module__") == name:
                yield _Held(full, value.__dict__, value)
        elif isinstance(value, (dict, list, set)) and not _unheeded(full, key, value):
            yield _Held(full, value, None)


def _unheeded(full: str, key: str, value: dict | list | set) -> bool:
    return len(value) > LARGEST or full in UNHEEDED or key == "__builtins__" or "cache" in key.lower()


class _Held:
    """The entries of a module, a class, a table or a list."""

    def __init__(self, name: str, entries: object, owner: object) -> None:
        self._name = name
        self._entries = entries
        # Whose attributes they are, if they are any.
        self._owner = owner
        self._keys = tuple(entries)
        self._values = tuple(_values(entries))

    def same(self) -> bool:
        """Whether all is what it was and where it was: nearly always, so without a loop of Python's."""
        return len(self._entries) == len(self._values) and all(map(is_, _values(self._entries), self._values))

    def difference(self) -> str:
        """Gives back what each cell begins without; the first thing besides that is another."""
        if isinstance(self._entries, (list, set)):
            return self._name
        before = dict(zip(self._keys, self._values))
        for key in {**before, **self._entries}:
            old = before.get(key, _NONE)
            if self._entries.get(key, _NONE) is old:
                continue
            if self._owner is None:
                return self._name
            full = f"{self._name}.{key}"
            if not (key in GIVEN_BACK or full in GIVEN_BACK):
                return full
            if old is _NONE:
                delattr(self._owner, key)
            else:
                setattr(self._owner, key, old)
        return ""


def _values(entries: object) -> Iterable:
    """Of a dict its own, whatever a subclass does."""
    return dict.values(entries) if isinstance(entries, dict) else entries.values() if hasattr(entries, "values") else entries
