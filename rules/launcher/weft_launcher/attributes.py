"""What modules hold: their attributes, those of their classes and objects, their tables, each as it was before cells ran.

Compared is by identity, to a bounded depth: a function that a test has replaced and forgotten is seen, a method that a class
has more, a setting in a table of settings, in a table in that, or in an object of the module's; what an object holds deeper
is not.

The worker reads all this, so nothing of a module's is called: no method that a subclass of dict has instead, no property.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import is_
from types import FunctionType, GetSetDescriptorType, MappingProxyType, ModuleType

# What is larger is data, which nobody changes.
LARGEST = 5000
# Of a table with more entries, the tables in it are not looked at.
LARGEST_OF_TABLES = 500
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
        "__slotnames__", "__warningregistry__", "_pytest_diamond_inheritance_warning_shown",
        "asyncio.events._event_loop_policy", "builtins._", "concurrent.futures.ProcessPoolExecutor",
        "concurrent.futures.ThreadPoolExecutor", "logging._defaultLastResort._closed", "mimetypes._db",
        "mimetypes.common_types", "mimetypes.encodings_map", "mimetypes.inited", "mimetypes.suffix_map", "mimetypes.types_map",
        "multiprocessing.context._default_context._actual_context", "multiprocessing.util._exiting", "pkgutil._NAME_PATTERN",
        "random._inst.gauss_next", "tempfile._name_sequence", "tempfile.tempdir", "urllib.parse._hostprog",
        "urllib.parse._typeprog", "urllib.request._opener", "weakref.finalize._registered_with_atexit",
        "weakref.finalize._shutdown",
    )
)  # fmt: skip
_NONE = object()
_CACHE = type(functools.lru_cache(len))
# Objects of these, of which there are many, hold no settings.
_PLAIN = (_CACHE, FunctionType, ModuleType, type)
# Of the objects that any module may have, those of these modules hold none, or none but what pytest sets in each run.
_PLAIN_HOMES = ("typing", "_pytest.mark.structures")


def attributes_of(module: object) -> dict:
    """A module's own attributes, without a word to it: some (apipkg's) import what is asked for, even for vars()."""
    return ModuleType.__dict__["__dict__"].__get__(module) if _is(module, ModuleType) else {}


class Attributes:
    """What the modules hold at the time when it is made."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        # Of the id of what is held: many modules may have the same object.
        self._known: dict[int, _Held] = {}
        self._held: dict[str, list[_Held]] = {}
        self._caches: dict[str, list[_Cache]] = {}
        # Modules that could not be read.
        self._unread: set[str] = set()
        # The last answer of _watch.
        self._names: frozenset[str] = frozenset()
        self._watched: list[_Held] = []
        self._cleanups = tuple(attributes_of(modules.get("typing")).get("_cleanups", ()))
        for name, module in modules.items():
            self._read(name, module)

    def take(self, name: str, module: ModuleType) -> None:
        """Has what a module holds now stand for what it held."""
        for held in self._held.get(name, ()):
            held.read()
        self._read(name, module)
        self._names = frozenset()

    def _read(self, name: str, module: ModuleType) -> None:
        try:
            found = list(_collections(name, module))
            self._held[name] = [self._known.get(id(one[1])) or self._hold(*one) for one in found]
            self._caches[name] = list(_caches(name, module))
        except BaseException:  # noqa: BLE001 - whatever it is: the worker goes on, and no process that has it runs two cells
            self._unread.add(name)

    def _hold(self, name: str, entries: object, owner: object) -> _Held:
        held = self._known[id(entries)] = _Held(name, entries, owner)
        return held

    def forget(self, names: Iterable[str]) -> None:
        """Empties the caches of functions of these modules, and typing's: they keep alive what is in them."""
        for name in names:
            for cache in self._caches.get(name, ()):
                cache.clear()
        for clear in self._cleanups:
            clear()

    def changed(self, names: frozenset[str]) -> str:
        """What the modules of these names hold that they did not; "" for nothing, or nothing that could not be given back."""
        for name in self._unread.intersection(names):
            return f"{name}, which cannot be read"
        for held in self._watch(names):
            if not held.same():
                left = held.difference()
                if left:
                    return left
        return ""

    def _watch(self, names: frozenset[str]) -> list[_Held]:
        """What these modules hold, each once. Nearly always they are those of the last call."""
        if names != self._names:
            self._watched = list(dict.fromkeys(chain.from_iterable(self._held.get(name, ()) for name in names)))
            self._names = names
        return self._watched


def _is(value: object, kind: type | tuple) -> bool:
    """isinstance asks the object too, and a proxy answers for another."""
    return issubclass(type(value), kind)


def _collections(name: str, module: ModuleType) -> Iterator[tuple[str, object, object]]:
    """What a module holds: (its full name, its entries, whose attributes they are if they are any)."""
    own = attributes_of(module)
    if type(module) is not ModuleType:
        # One that makes its attributes when they are asked for.
        return
    yield name, own, module
    for key, value in own.items():
        full = f"{name}.{key}"
        if _is(value, type):
            entries = _TYPE_ATTRIBUTES(value)
            if entries is not None and entries.get("__module__") == name:
                yield full, entries, value
                yield from _tables(full, entries)
        elif _is(value, (dict, list, set)):
            if not _unheeded(full, key, value):
                yield full, value, None
                if _is(value, dict) and dict.__len__(value) <= LARGEST_OF_TABLES:
                    yield from _tables(full, value)
        elif not key.startswith("__") and "cache" not in key.lower():
            entries = _attributes(value)
            if entries is not None and len(entries) <= LARGEST:
                yield full, entries, value


def _tables(full: str, entries: object) -> Iterator[tuple[str, object, object]]:
    for key, value in _items(entries):
        if type(value) in (dict, list, set) and type(key) is str and not key.startswith("__"):
            inner = f"{full}.{key}"
            if not _unheeded(inner, key, value):
                yield inner, value, None


def _attributes(value: object) -> dict | None:
    """An object's own attributes, if it has any and they may be settings."""
    kind = type(value)
    if issubclass(kind, _PLAIN):
        return None
    # unicodedata's of Python 3.9 is not finished, and has None.
    for one in _MRO(kind) or ():
        entries = _TYPE_ATTRIBUTES(one)
        if "__dict__" in entries:
            get = entries["__dict__"]
            found = get.__get__(value) if type(get) is GetSetDescriptorType else None
            return found if type(found) is dict and _TYPE_ATTRIBUTES(kind).get("__module__") not in _PLAIN_HOMES else None
    return None


def _unheeded(full: str, key: str, value: object) -> bool:
    return _own(value)[0](value) > LARGEST or full in UNHEEDED or key == "__builtins__" or "cache" in key.lower()


def _caches(name: str, module: ModuleType) -> Iterator[_Cache]:
    """The functions of a module and its classes that remember what they returned."""
    for value in attributes_of(module).values():
        if type(value) is _CACHE:
            yield _Cache(value)
        elif _is(value, type) and (_TYPE_ATTRIBUTES(value) or {}).get("__module__") == name:
            for method in _TYPE_ATTRIBUTES(value).values():
                function = method.__func__ if type(method) in (classmethod, staticmethod) else method
                if type(function) is _CACHE:
                    yield _Cache(function)


class _Cache:
    """What a function remembers: what it learnt at its import stays, until there is more."""

    def __init__(self, function: functools._lru_cache_wrapper) -> None:
        self._function = function
        self._misses = function.cache_info().misses

    def clear(self) -> None:
        """Empties it, if a cell may have put something there."""
        if self._function.cache_info().misses != self._misses:
            self._function.cache_clear()
            self._misses = 0


class _Held:
    """The entries of a module, a class, an object, a table or a list."""

    def __init__(self, name: str, entries: object, owner: object) -> None:
        self._name = name
        self._entries = entries
        # Whose attributes they are, if they are any.
        self._owner = owner
        self._length, self._all = _own(entries)
        self.read()

    def read(self) -> None:
        """Has what is there now stand for what was."""
        self._keys = tuple(key for key, _ in _items(self._entries)) if _maps(self._entries) else ()
        self._values = tuple(self._all(self._entries))

    def same(self) -> bool:
        """Whether all is what it was and where it was: nearly always, so without a loop of Python's."""
        return self._length(self._entries) == len(self._values) and all(map(is_, self._all(self._entries), self._values))

    def difference(self) -> str:
        """Gives back what each cell begins without; the first thing besides that is another."""
        if not _maps(self._entries):
            return self._name
        before, now = dict(zip(self._keys, self._values)), dict(_items(self._entries))
        for key in {**before, **now}:
            old = before.get(key, _NONE)
            if now.get(key, _NONE) is old:
                continue
            if self._owner is None:
                return self._name
            full = f"{self._name}.{key}"
            if not (key in GIVEN_BACK or full in GIVEN_BACK):
                return full
            self._give_back(key, old)
        return ""

    def _give_back(self, key: str, old: object) -> None:
        if old is _NONE:
            delattr(self._owner, key)
        else:
            setattr(self._owner, key, old)


# What these themselves do, whatever a subclass does: how many there are, and each.
_OWN = {
    dict: (dict.__len__, dict.values),
    MappingProxyType: (MappingProxyType.__len__, MappingProxyType.values),
    list: (list.__len__, list.__iter__),
    set: (set.__len__, set.__iter__),
}
_TYPE_ATTRIBUTES = type.__dict__["__dict__"].__get__
_MRO = type.__dict__["__mro__"].__get__


def _own(entries: object) -> tuple:
    return _OWN.get(type(entries)) or next(own for kind, own in _OWN.items() if _is(entries, kind))


def _maps(entries: object) -> bool:
    return _is(entries, (dict, MappingProxyType))


def _items(entries: object) -> Iterable:
    return dict.items(entries) if _is(entries, dict) else entries.items()
