"""Weft's plugin of pytest: makes the project's options fit one cell, selects its tests, tells the journal."""

from __future__ import annotations

import os
import time
import zlib

from .journal import Writer
from .log import shorten
from .reports import Test, skip_reason
from .selection import UNIT, Selection, both
from .spec import CellSpec
from .tree import Scratch


def benchmark_file(scratch: Scratch) -> str:
    """Where pytest-benchmark leaves its results."""
    return os.path.join(scratch.base, "benchmark.json")


def plugin(pytest, spec: CellSpec, scratch: Scratch, journal: Writer) -> object:  # noqa: ANN001
    """The plugin; made in a function because pytest exists in the environment only."""

    class Plugin:
        def __init__(self) -> None:
            self.tests: dict[str, Test] = {}
            self.root = scratch.tree
            self.selections = {member.file: Selection(member) for member in spec.members}
            self.dropped = 0
            # Of a module that is collected for its doctests as well there are two reports of one name.
            self.told: set[tuple[str, str]] = set()

        def _path(self, path: str) -> str:
            return os.path.relpath(os.path.join(self.root, path), scratch.tree)

        def _id(self, nodeid: str) -> str:
            path, colons, rest = nodeid.partition("::")
            return (self._path(path) if path else spec.file) + colons + rest

        def _of(self, id: str) -> dict[str, str]:
            """The field that tells files of one process apart; what is of none of them goes without."""
            file = id.partition("::")[0]
            return {"of": file} if spec.together and file in self.selections else {}

        def _tell(self, event: str, id: str, **fields: object) -> None:
            journal.write(event, id=id, **self._of(id), **fields)

        def _selection(self, item) -> Selection:  # noqa: ANN001
            return self.selections.get(self._id(item.nodeid).partition("::")[0]) or self.selections[spec.members[0].file]

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_load_initial_conftests(self, early_config, parser, args):  # noqa: ANN001, ANN202
            options = early_config.known_args_namespace
            if not spec.coverage and getattr(options, "cov_source", None):
                # The project's own --cov: not asked for now, and a threshold for all files fails each one.
                options.no_cov = True
                args.append("--no-cov")
                journal.write("note", text="the project's option --cov is off: coverage was not asked for")
            yield
            _add_options(spec, scratch, journal, _known(parser), args)

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config) -> None:  # noqa: ANN001
            self.root = str(config.rootpath)
            option = config.option
            # The same for each, as they are of one type.
            option.markexpr = [found.expression(option.markexpr) for found in self.selections.values()][0]
            if spec.filter and "::" not in spec.filter:
                option.keyword = both(option.keyword, spec.filter)
            # Paths among the project's own options are other cells' files.
            config.args[:] = [arg for arg in config.args if arg.removeprefix("./") in self.selections or arg in spec.arguments]

        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionstart(self, session) -> None:  # noqa: ANN001
            if spec.type == "unit" and session.config.pluginmanager.hasplugin("dsession"):
                # pytest-xdist: its workers have the options, but not this plugin.
                session.config.option.markexpr = both(session.config.option.markexpr, UNIT)

        def pytest_collectstart(self, collector) -> None:  # noqa: ANN001
            file = self._id(collector.nodeid)
            if spec.together and file in self.selections:
                journal.write("collecting", of=file)

        @pytest.hookimpl(hookwrapper=True)
        def pytest_collect_file(self, parent):  # noqa: ANN001, ANN202
            outcome = yield
            if not parent.config.getoption("doctestmodules", False):
                return
            # A whole run takes only doctests from a module whose name is not a test's, whatever else the module holds.
            nodes = outcome.get_result() or []
            own = os.path.join(scratch.tree, spec.file)
            kept = [node for node in nodes if not _is_module(pytest, node, own) or _has_test_name(parent.config, node)]
            if kept and len(kept) < len(nodes):
                outcome.force_result(kept)

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_collection_modifyitems(self, config, items):  # noqa: ANN001, ANN202
            yield
            dropped = [item for item in items if not self._keeps(item)]
            if dropped:
                gone = set(map(id, dropped))
                items[:] = [item for item in items if id(item) not in gone]
                self.dropped = len(dropped)
                config.hook.pytest_deselected(items=dropped)

        def _keeps(self, item) -> bool:  # noqa: ANN001
            marks = _marks(item)
            selection = self._selection(item)
            if not selection.wants(marks):
                selection.leave_out(marks)
                return False
            return _selected(spec, self._id(item.nodeid))

        def pytest_deselected(self, items) -> None:  # noqa: ANN001
            if self.dropped:
                # By this plugin, which is the last one to choose.
                return
            for item in items:
                self._selection(item).leave_out(_marks(item))

        def pytest_collection_finish(self, session) -> None:  # noqa: ANN001
            for file, found in self.selections.items():
                of = self._of(file)
                tests = sum(not of or self._of(self._id(item.nodeid)) == of for item in session.items)
                journal.write("collected", tests=tests, deselected=found.of_other_types, excluded=found.excluded, **of)
                for note in found.undeclared():
                    journal.write("note", text=note, **of)

        def pytest_collectreport(self, report) -> None:  # noqa: ANN001
            if (report.nodeid, report.outcome) in self.told:
                return
            self.told.add((report.nodeid, report.outcome))
            if report.failed:
                text = shorten(str(report.longrepr))
                lines = [line for line in text.splitlines() if line.startswith("E  ")] or text.strip().splitlines()[-1:]
                message = lines[-1].removeprefix("E").strip() if lines else "the file cannot be collected"
                self._tell("error", self._id(report.nodeid), message=message[:500], text=text)
            elif report.skipped:
                self._tell("finish", self._id(report.nodeid), outcome="skipped", duration=0, message=skip_reason(report))

        def pytest_internalerror(self, excrepr) -> None:  # noqa: ANN001
            text = str(excrepr)
            journal.write("error", id=spec.file, message="pytest: " + (text.strip().splitlines() or [""])[-1][:500], text=shorten(text))

        def pytest_keyboard_interrupt(self, excinfo) -> None:  # noqa: ANN001
            journal.write("interrupted", text=str(excinfo.value)[:500] or excinfo.typename)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logstart(self, nodeid: str, location: tuple) -> None:
            test = self.tests[nodeid] = Test()
            id = self._id(nodeid)
            file = self._path(location[0])
            if file != id.partition("::")[0]:
                test.file = file
            if location[1] is not None:
                test.line = location[1] + 1
            self._tell("start", id, at=time.time())

        def pytest_runtest_logreport(self, report) -> None:  # noqa: ANN001
            test = self.tests.get(report.nodeid)
            if test is not None:
                test.take(report)

        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logfinish(self, nodeid: str) -> None:
            test = self.tests.pop(nodeid, None)
            if test is not None:
                self._tell("finish", self._id(nodeid), **test.fields())

    return Plugin()


def _add_options(spec: CellSpec, scratch: Scratch, journal: Writer, known: set[str], args: list[str]) -> None:
    """Adds options of the cell's type, which not every project's pytest knows."""
    wanted: list[str] = []
    if spec.type == "integration":
        wanted = ["--slow"]
    elif spec.type == "performance":
        wanted = ["--benchmark-only", f"--benchmark-json={benchmark_file(scratch)}"]
        # What the project says of plain runs; pytest-benchmark refuses both together.
        args[:] = [arg for arg in args if arg != "--benchmark-skip"]
        if "--benchmark-disable" in args:
            args.append("--benchmark-enable")
    for option in wanted:
        name = option.partition("=")[0]
        if name in known:
            args.append(option)
        elif name != "--slow":  # without it no test is skipped for being slow, so nothing is lost
            journal.write("note", text=f"option {name} left out: this pytest does not know it")


def _known(parser: object) -> set[str]:
    """Names of all options that pytest, its plugins and the project's conftest files have added."""
    names: set[str] = set()
    for group in [parser._anonymous, *parser._groups]:  # type: ignore[attr-defined]
        for option in group.options:
            names.update(option.names())
    return names


def _marks(item) -> frozenset[str]:  # noqa: ANN001
    return frozenset(mark.name for mark in item.iter_markers())


def _selected(spec: CellSpec, id: str) -> bool:
    """Whether a test is in this run's filter and shard."""
    if spec.filter and "::" in spec.filter and not any(_is_of(id, name) for name in spec.filter.split("\n")):
        return False
    if spec.shard is None:
        return True
    index, total = spec.shard
    return zlib.crc32(id.encode("utf-8", "replace")) % total == index


def _is_of(id: str, name: str) -> bool:
    """Whether a test is the one of a name, or one of a function or class of that name."""
    return id == name or id.startswith((name + "[", name + "::"))


def _is_module(pytest, node, path: str) -> bool:  # noqa: ANN001
    # A doctest module is one too, and in pytest 7 a package, of which the file of tests may be a part.
    return isinstance(node, pytest.Module) and type(node).__name__ != "DoctestModule" and str(getattr(node, "path", "")) == path


def _has_test_name(config, node) -> bool:  # noqa: ANN001
    """Whether pytest would find tests in the file without being pointed at it."""
    try:
        from _pytest.pathlib import fnmatch_ex

        return any(fnmatch_ex(pattern, node.path) for pattern in config.getini("python_files"))
    except (ImportError, AttributeError):
        return True
