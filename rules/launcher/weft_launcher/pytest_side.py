"""In the test process: runs pytest and tells the journal. Nothing else of this package runs there."""

from __future__ import annotations

import os
import time
import zlib

from . import coverage
from .journal import Writer
from .log import shorten
from .spec import CellSpec
from .tree import Scratch

MARKED = ("integration", "performance", "security", "compatibility")
EXPRESSIONS = {"unit": " and ".join(f"not {name}" for name in MARKED), **{name: name for name in MARKED}}

INTERNAL_ERROR = 3
USAGE_ERROR = 4


def benchmark_file(scratch: Scratch) -> str:
    """Where pytest-benchmark leaves its results."""
    return os.path.join(scratch.base, "benchmark.json")


def run(spec: CellSpec, scratch: Scratch) -> int:
    """Runs the cell's file as `pytest` in the tree's root would; returns pytest's exit code."""
    journal = Writer(scratch.journal)
    try:
        import pytest
    except ImportError as error:
        name = spec.environment["name"]
        journal.write(
            "error",
            id=spec.file,
            message=f"the environment {name} cannot import pytest ({error}): add pytest to its packages in flake.nix",
        )
        journal.write("end", exit=USAGE_ERROR)
        return USAGE_ERROR
    measure = spec.coverage and _has_pytest_cov(journal, spec)
    if measure:
        os.environ["COVERAGE_FILE"] = coverage.data_file(scratch)
    arguments = [
        *("-p", "no:cacheprovider"),
        f"--basetemp={scratch.base}/basetemp",
        *("-m", EXPRESSIONS[spec.type]),
        *(("--cov=.", "--cov-report=", "--cov-fail-under=0") if measure else ()),
        *(("-x",) if spec.fail_fast else ()),
        *(("-k", spec.filter) if spec.filter and "::" not in spec.filter else ()),
        *spec.arguments,
        spec.file,
    ]
    plugin = _plugin(pytest, spec, scratch, journal)
    code = _main(pytest, arguments, plugin, spec, journal)
    if measure:
        os.chdir(scratch.tree)
        found, note = coverage.measure(scratch, spec.manifest.sources)
        if note:
            journal.write("note", text=note)
        if found is not None:
            journal.write("coverage", files=found)
    _run_exit_functions()
    journal.write("end", exit=code)
    return code


def _main(pytest, arguments: list[str], plugin: object, spec: CellSpec, journal: Writer) -> int:  # noqa: ANN001
    try:
        return int(pytest.main(arguments, plugins=[plugin]))
    except BaseException as error:  # noqa: BLE001 - SystemExit of a plugin is one too
        import traceback

        # For example when a test has closed the files that pytest captures output in: so nothing is printed.
        message = f"pytest itself ended with {type(error).__name__}: {error}"
        journal.write("error", id=spec.file, message=message[:500], text=shorten(traceback.format_exc()))
        return INTERNAL_ERROR


def _run_exit_functions() -> None:
    # What a plain pytest's interpreter does on its way out: stop helper processes, remove files.
    import atexit

    atexit._run_exitfuncs()


def _has_pytest_cov(journal: Writer, spec: CellSpec) -> bool:
    from importlib.util import find_spec

    if find_spec("pytest_cov") is not None:
        return True
    journal.write("note", text=f"coverage not measured: the environment {spec.environment['name']} has no pytest-cov")
    return False


def _wanted(spec: CellSpec, scratch: Scratch) -> list[str]:
    """Options of the cell's type that not every project's pytest knows."""
    if spec.type == "integration":
        return ["--slow"]
    if spec.type == "performance":
        return ["--benchmark-only", f"--benchmark-json={benchmark_file(scratch)}"]
    return []


def _known(parser: object) -> set[str]:
    """Names of all options that pytest, its plugins and the project's conftest files have added."""
    names: set[str] = set()
    for group in [parser._anonymous, *parser._groups]:  # type: ignore[attr-defined]
        for option in group.options:
            names.update(option.names())
    return names


class _Test:
    """What the phases of one test have told so far."""

    __slots__ = ("duration", "failures", "file", "line", "message", "outcome", "properties", "stderr", "stdout")

    def __init__(self) -> None:
        self.duration = 0.0
        self.outcome = "passed"
        self.message = ""
        self.failures: list[tuple[str, str, str]] = []
        self.stdout = ""
        self.stderr = ""
        self.file = ""
        self.line: int | None = None
        self.properties: list[list[str]] = []

    def take(self, report) -> None:  # noqa: ANN001 - pytest's types exist in the environment only
        """Adds one phase: setup, call, teardown, or a subtest."""
        self.duration += getattr(report, "duration", 0.0)
        if report.outcome == "rerun":
            # pytest-rerunfailures: only the last attempt counts.
            self.failures, self.outcome, self.message = [], "passed", ""
            return
        expected = getattr(report, "wasxfail", None)
        if report.failed:
            kind = "failed" if report.when == "call" else "error"
            self.failures.append((kind, _message(report), shorten(report.longreprtext)))
        elif report.skipped:
            self.outcome = "skipped" if expected is None else "xfailed"
            self.message = _skip_reason(report) if expected is None else expected.removeprefix("reason: ")
        elif expected is not None and report.when == "call":
            self.outcome = "xpassed"
            self.message = expected.removeprefix("reason: ")
        if report.failed or self.failures:
            self.stdout = shorten(report.capstdout)
            self.stderr = shorten(report.capstderr)
        self.properties = [[str(name), shorten(str(value))] for name, value in getattr(report, "user_properties", [])]

    def fields(self) -> dict[str, object]:
        """The finish event."""
        fields: dict[str, object] = {"duration": round(self.duration, 6), "outcome": self.outcome, "message": self.message}
        if self.failures:
            first = min(self.failures, key=lambda failure: failure[0] == "error")
            fields["outcome"], fields["message"] = first[0], first[1]
            fields["text"] = "\n\n".join(text for _, _, text in self.failures)
        for name in ("stdout", "stderr", "file", "line", "properties"):
            value = getattr(self, name)
            if value:
                fields[name] = value
        return fields


def _message(report) -> str:  # noqa: ANN001
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash is not None else (report.longreprtext.strip() or "failed")
    # A crash message begins with the error; other texts end with it.
    return text.split("\n")[0 if crash is not None else -1][:500]


def _skip_reason(report) -> str:  # noqa: ANN001
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return str(reason).removeprefix("Skipped: ")[:500]


def _plugin(pytest, spec: CellSpec, scratch: Scratch, journal: Writer) -> object:  # noqa: ANN001
    """pytest's hooks, as an object: defined here because pytest exists in the environment only."""

    class Plugin:
        def __init__(self) -> None:
            self.tests: dict[str, _Test] = {}
            self.root = scratch.tree
            self.deselected = 0

        def _path(self, path: str) -> str:
            return os.path.relpath(os.path.join(self.root, path), scratch.tree)

        def _id(self, nodeid: str) -> str:
            path, colons, rest = nodeid.partition("::")
            return (self._path(path) if path else spec.file) + colons + rest

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_load_initial_conftests(self, early_config, parser, args):  # noqa: ANN001, ANN202
            options = early_config.known_args_namespace
            if not spec.coverage and getattr(options, "cov_source", None):
                # The project's own --cov: not asked for now, and a threshold for all files fails each one.
                options.no_cov = True
                args.append("--no-cov")
                journal.write("note", text="the project's option --cov is off: coverage was not asked for")
            yield
            known = _known(parser)
            for option in _wanted(spec, scratch):
                name = option.partition("=")[0]
                if name in known:
                    args.append(option)
                else:
                    journal.write("note", text=f"option {name} left out: this pytest does not know it")

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config) -> None:  # noqa: ANN001
            self.root = str(config.rootpath)

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, config, items) -> None:  # noqa: ANN001
            kept = [item for item in items if self._keep(self._id(item.nodeid))]
            if len(kept) < len(items):
                config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
                items[:] = kept

        def _keep(self, id: str) -> bool:
            if spec.filter and "::" in spec.filter and id != spec.filter and not id.startswith((spec.filter + "[", spec.filter + "::")):
                return False
            if spec.shard is None:
                return True
            index, total = spec.shard
            return zlib.crc32(id.encode("utf-8", "replace")) % total == index

        def pytest_deselected(self, items) -> None:  # noqa: ANN001
            self.deselected += len(items)

        def pytest_collection_finish(self, session) -> None:  # noqa: ANN001
            journal.write("collected", tests=len(session.items), deselected=self.deselected)

        def pytest_collectreport(self, report) -> None:  # noqa: ANN001
            if report.failed:
                text = shorten(str(report.longrepr))
                lines = [line for line in text.splitlines() if line.startswith("E  ")] or text.strip().splitlines()[-1:]
                message = lines[-1].removeprefix("E").strip() if lines else "the file cannot be collected"
                journal.write("error", id=self._id(report.nodeid), message=message[:500], text=text)
            elif report.skipped:
                journal.write("finish", id=self._id(report.nodeid), outcome="skipped", duration=0, message=_skip_reason(report))

        def pytest_internalerror(self, excrepr) -> None:  # noqa: ANN001
            text = str(excrepr)
            journal.write("error", id=spec.file, message="pytest: " + (text.strip().splitlines() or [""])[-1][:500], text=shorten(text))

        def pytest_keyboard_interrupt(self, excinfo) -> None:  # noqa: ANN001
            journal.write("interrupted", text=str(excinfo.value)[:500] or excinfo.typename)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logstart(self, nodeid: str, location: tuple) -> None:
            test = self.tests[nodeid] = _Test()
            id = self._id(nodeid)
            file = self._path(location[0])
            if file != id.partition("::")[0]:
                test.file = file
            if location[1] is not None:
                test.line = location[1] + 1
            journal.write("start", id=id, at=time.time())

        def pytest_runtest_logreport(self, report) -> None:  # noqa: ANN001
            test = self.tests.get(report.nodeid)
            if test is not None:
                test.take(report)

        @pytest.hookimpl(trylast=True)
        def pytest_runtest_logfinish(self, nodeid: str) -> None:
            test = self.tests.pop(nodeid, None)
            if test is not None:
                journal.write("finish", id=self._id(nodeid), **test.fields())

    return Plugin()
