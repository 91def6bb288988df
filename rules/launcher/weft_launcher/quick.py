"""The part of pytest's start that is the same for every cell, done once in the worker by pytest's own functions.

get_config makes a configuration with the plugins that pytest always has; it reads neither the project nor the command line
but for `-p no:NAME`. A forked cell takes the worker's. What this relies on is private to pytest, so it is used with versions
that it was tested with only; in all other cases pytest.main does the same work again, as in any process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

# Major versions of pytest with which the comparison of plain actions and workers was run.
TESTED = (7,)


class Prepared:
    """pytest's configuration before it has seen a project."""

    def __init__(self, module: ModuleType) -> None:
        # _pytest.config, as the worker imported it
        self._module = module
        self._config = module.get_config()
        self._rewritten = _rewrite_plugins()
        self._spent = False
        # What use has put another in the place of.
        self._replaced: list[tuple[object, str, object]] = []

    def use(self, arguments: list[str]) -> None:
        """In the cell's process: the next pytest.main(arguments) begins with it."""
        module, config = self._module, self._config
        if sys.modules.get("_pytest.config") is not module or "PYTEST_DEBUG" in os.environ:
            return
        if any(argument.startswith("-p") for argument in arguments):
            return
        original = module.get_config
        self._replaced.append((module, "get_config", original))
        self._spent = True

        def get_config(args=None, plugins=None):  # noqa: ANN001, ANN202
            module.get_config = original
            for name in module.default_plugins:
                __import__("_pytest." + name)
            config.invocation_params = module.Config.InvocationParams(args=args or (), plugins=plugins, dir=Path.cwd())
            return config

        module.get_config = get_config
        _remember_parser(config._parser)
        self._replaced.append(_take_rewritten(self._rewritten, config))

    def renew(self) -> None:
        """In a process that runs several cells, after one that may have used it: a configuration that none has seen."""
        if self._spent:
            self._spent = False
            self._config = self._module.get_config()

    def give_back(self) -> None:
        """Takes out again what was put into pytest's modules, and the configuration that was used."""
        for module, name, original in self._replaced:
            setattr(module, name, original)
        self._replaced.clear()
        if self._spent:
            self._config = None


def _rewrite_plugins() -> dict[str, tuple]:
    """Installed plugins, path → what pytest makes of it: it rewrites the assertions of all files that came with them."""
    from importlib.metadata import distributions

    from _pytest.assertion import rewrite
    from _pytest.config import _iter_rewritable_modules

    rewritten = {}
    for distribution in distributions():
        if not any(entry.group == "pytest11" for entry in distribution.entry_points):
            continue
        for name in _iter_rewritable_modules(str(file) for file in distribution.files or ()):
            for module in [one for one in sys.modules if one == name or one.startswith(name + ".")]:
                path = getattr(sys.modules[module].__spec__, "origin", None)
                if isinstance(path, str) and path.endswith(".py"):
                    rewritten[path] = rewrite._rewrite_test(Path(path), None)
    return rewritten


def _take_rewritten(rewritten: dict[str, tuple], config) -> tuple:  # noqa: ANN001 - pytest's types exist in the environment only
    """In the cell's process: what is rewritten already is not again, unless this project has it done in another way.

    Returns what it replaces.

    It stands in for a bytecode file of pytest's own, and not for the rewriting: that is in the traceback of a test which
    does not parse.
    """
    from _pytest.assertion import rewrite

    original = rewrite._read_pyc

    def read_pyc(source, *others):  # noqa: ANN001, ANN002, ANN202
        known = rewritten.get(str(source))
        if known is None or config.getini("enable_assertion_pass_hook"):
            return original(source, *others)
        return known[1]

    rewrite._read_pyc = read_pyc
    return rewrite, "_read_pyc", original


def prepare() -> Prepared | None:
    """In the worker, while its modules can be seen; None where this pytest is not known."""
    try:
        import _pytest.config
        import pytest

        if pytest.version_tuple[0] not in TESTED:
            return None
        return Prepared(_pytest.config)
    except Exception:  # noqa: BLE001 - whatever it is, a cell goes the usual way
        return None


def _remember_parser(parser) -> None:  # noqa: ANN001 - pytest's types exist in the environment only
    """pytest makes the same argparse parser half a dozen times: again only when there are other options."""
    make = parser._getparser
    known: dict = {}

    def getparser():  # noqa: ANN202
        groups = [*parser._groups, parser._anonymous]
        key = tuple((id(option), id(getattr(option, "default", None))) for group in groups for option in group.options)
        if key not in known:
            known.clear()
            known[key] = make()
        # Which settings were read comes later than the first parser, and is part of its error messages.
        known[key].extra_info = parser.extra_info
        return known[key]

    parser._getparser = getparser
