"""In the test process: runs pytest and tells the journal. Nothing else of this package runs there."""

from __future__ import annotations

import os

from . import coverage, pytest_plugin
from .journal import Writer
from .log import shorten
from .spec import CellSpec
from .tree import Scratch

INTERNAL_ERROR = 3
USAGE_ERROR = 4


def run(spec: CellSpec, scratch: Scratch) -> int:
    """Runs the cell's file (or files) as `pytest` in the tree's root would; returns pytest's exit code."""
    journal = Writer(scratch.journal)
    code = _run(spec, scratch, journal)
    journal.write("end", exit=code)
    journal.close()
    return code


def _run(spec: CellSpec, scratch: Scratch, journal: Writer) -> int:
    try:
        import pytest
    except ImportError as error:
        name = spec.environment["name"]
        journal.write(
            "error",
            id=spec.file,
            message=f"the environment {name} cannot import pytest ({error}): add pytest to its packages in flake.nix",
        )
        return USAGE_ERROR
    measure = spec.coverage and _has_pytest_cov(journal, spec)
    if measure:
        os.environ["COVERAGE_FILE"] = coverage.data_file(scratch)
    arguments = [
        # Not "-p no:cacheprovider": the project may use its options and its fixture.
        *("-o", f"cache_dir={scratch.base}/cache"),
        f"--basetemp={scratch.base}/basetemp",
        *(("--cov=.", "--cov-report=", "--cov-fail-under=0") if measure else ()),
        *(("-x",) if spec.fail_fast else ()),
        # One file that cannot be imported must not take the others along.
        *(("--continue-on-collection-errors",) if spec.together else ()),
        *spec.arguments,
        *(argument(member.file) for member in spec.members),
    ]
    if spec.warm is not None and spec.warm.prepared is not None:
        spec.warm.prepared.use(arguments)
    code = _main(pytest, arguments, pytest_plugin.plugin(pytest, spec, scratch, journal), spec, journal)
    if measure:
        os.chdir(scratch.tree)
        found, note = coverage.measure(scratch, spec.manifest.sources)
        if note:
            journal.write("note", text=note)
        if found is not None:
            journal.write("coverage", files=found)
    if spec.warm is not None:
        journal.write("modules", names=spec.warm.learnt())
    _run_exit_functions()
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


def argument(file: str) -> str:
    """The file as an argument of pytest's, for which a leading dash would be an option."""
    return f"./{file}" if file.startswith("-") else file


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
