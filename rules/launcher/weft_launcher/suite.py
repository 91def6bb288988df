"""A suite as a Bazel test: gathers its cells, and runs again, or itself, what has to be."""

from __future__ import annotations

import json
import os

from . import coverage, junit, sandbox, verdict
from .bazel import TestRun
from .cell import Result, not_run, run_cell, run_package
from .spec import CellSpec, read_manifest
from .supervise import Stop


class Entry:
    """One cell of a suite, with what has become of it."""

    def __init__(self, spec: CellSpec, outputs: dict[str, str] | None) -> None:
        self.spec = spec
        self.outputs = outputs
        # The XML that the suite hands on, and the cell.json that decides.
        self.xml = ""
        self.cell: dict = {}
        self.first: dict | None = None
        self.logs: list[tuple[str, str]] = []
        self.from_cache = False
        self.skipped = False

    @property
    def passed(self) -> bool:
        return self.skipped or self.cell.get("verdict") == verdict.PASSED

    @property
    def flaky(self) -> bool:
        return self.passed and self.first is not None


def load(root: str, path: str) -> tuple[str, list[Entry]]:
    """The suite's label and entries; paths in its file are runfiles."""
    with open(os.path.join(root, path), encoding="utf-8") as file:
        facts = json.load(file)
    entries = []
    for cell in facts["cells"]:
        manifest = read_manifest(os.path.join(root, cell["manifest"]), root)
        spec = CellSpec(cell["spec"], manifest)
        spec.advisories = [[os.path.normpath(os.path.join(root, short)), short] for _, short in spec.advisories]
        # In its own suite a file is alone.
        spec.alone = facts.get("alone", False)
        outputs = cell.get("outputs")
        entries.append(Entry(spec, outputs and {key: os.path.join(root, value) for key, value in outputs.items()}))
    return facts["label"], entries


def run(label: str, entries: list[Entry], test: TestRun, stop: Stop, arguments: list[str]) -> int:
    """Runs the suite; returns the exit code for Bazel."""
    own_reason = "arguments of its own" if arguments else test.by_itself
    if own_reason:
        print(f"weft: the suite runs its files itself: {own_reason}")
    for warning in test.warnings:
        print(f"weft: warning: {warning}")
    for batch in _batches(entries):
        for entry in batch:
            _prepare(entry.spec, test, arguments)
        if stop.signal is not None:
            for entry in batch:
                _take(entry, not_run(entry.spec, "not run: interrupted from outside"))
        elif len(batch) > 1:
            _run_together(batch, test, stop)
        elif own_reason or batch[0].outputs is None:
            _run_itself(batch[0], test, stop)
        else:
            _gather(batch[0], test, stop)
        for entry in batch:
            _say(entry)
        if test.fail_fast and not all(entry.passed for entry in batch):
            print("weft: stopped at the first failure (--test_runner_fail_fast)")
            break
    return _finish(label, entries, test)


def _batches(entries: list[Entry]) -> list[list[Entry]]:
    """What runs in one process each: single files, and at the place of the first all that share one."""
    together = [entry for entry in entries if entry.spec.package]
    batches = []
    for entry in entries:
        if not entry.spec.package:
            batches.append([entry])
        elif entry is together[0]:
            batches.append(together)
    return batches


def _run_together(batch: list[Entry], test: TestRun, stop: Stop) -> None:
    if test.shard:
        # Their tests may need one another, so they are not shared out: the first shard has them all.
        for entry in batch:
            entry.skipped = True
        return
    left = test.time_left()
    if left is not None and left < 1:
        for entry in batch:
            _take(entry, not_run(entry.spec, f"not run: Bazel's timeout of {test.timeout:g} s left no time for it"))
        return
    for entry in batch:
        entry.spec.shard = None
    results = {result.cell["file"]: result for result in run_package([entry.spec for entry in batch], left, stop)}
    for entry in batch:
        _take(entry, results[entry.spec.file])


def _prepare(spec: CellSpec, test: TestRun, arguments: list[str]) -> None:
    spec.arguments = arguments
    spec.filter = test.filter
    spec.fail_fast = test.fail_fast
    if test.shards > 1:
        spec.shard = (test.shard, test.shards)
    if test.coverage_file and spec.type == "unit":
        spec.coverage = True
    if test.outputs:
        spec.outputs_dir = os.path.join(test.outputs, spec.file)
        spec.test_env["TEST_UNDECLARED_OUTPUTS_DIR"] = test.outputs
    spec.scratch = sandbox.scratch(test.tmp)


def _gather(entry: Entry, test: TestRun, stop: Stop) -> None:
    """Takes a cell that has passed; runs again what has not."""
    assert entry.outputs is not None
    try:
        with open(entry.outputs["json"], encoding="utf-8") as file:
            cell = json.load(file)
        with open(entry.outputs["xml"], encoding="utf-8") as file:
            xml = file.read()
        suites = junit.suites_of(xml)
        with open(entry.outputs["log"], encoding="utf-8") as file:
            log = file.read()
    except (OSError, ValueError) as error:
        print(f"weft: {entry.spec.name}: the cell's result cannot be read ({error}); running it here")
        _run_itself(entry, test, stop)
        return
    entry.cell, entry.xml, entry.from_cache = cell, suites, True
    if cell["verdict"] == verdict.PASSED:
        return
    entry.logs.append((f"first attempt: {cell.get('reason', cell['verdict'])}", log))
    left = test.time_left()
    if left is not None and left < 1:
        print(f"weft: {entry.spec.name}: not run again, Bazel's timeout of {test.timeout:g} s leaves no time")
        return
    entry.spec.attempt = 2
    entry.spec.time_left = left
    result = run_cell(entry.spec, stop)
    junit.add_first_attempt(result.cases, xml)
    if result.passed:
        # Flaky: both logs belong to the report.
        result.log = f"[weft: first attempt]\n{log}\n[weft: second attempt]\n{result.log}"
    _take(entry, result, cell)


def _run_itself(entry: Entry, test: TestRun, stop: Stop) -> None:
    left = test.time_left()
    if left is not None and left < 1:
        _take(entry, not_run(entry.spec, f"not run: Bazel's timeout of {test.timeout:g} s left no time for it"))
        return
    entry.spec.time_left = left
    result = run_cell(entry.spec, stop)
    if entry.spec.package and entry.spec.alone:
        note = 'ran alone here; with isolation = "package" the suite of its package runs it in one process with the others'
        result.cell.setdefault("notes", []).append(note)
    _take(entry, result)
    if result.cell["verdict"] == verdict.NO_TESTS and entry.spec.shard:
        # This file's tests are all in other shards.
        entry.skipped = True
        entry.xml = ""


def _take(entry: Entry, result: Result, first: dict | None = None) -> None:
    entry.cell, entry.first, entry.from_cache = result.cell, first, False
    log = "" if result.passed and first is None else result.log
    entry.xml = junit.testsuite(result.cell, result.cases, log, first)
    if not result.passed or first is not None:
        entry.logs.append((f"attempt {entry.spec.attempt}: {result.cell.get('reason', result.cell['verdict'])}", result.log))


def _say(entry: Entry) -> None:
    cell = entry.cell
    if entry.skipped:
        print(f"{entry.spec.name}: nothing selected")
        return
    how = "cell" if entry.from_cache else f"run here, attempt {entry.spec.attempt}"
    flaky = "FLAKY, " if entry.flaky else ""
    print(
        f"{entry.spec.name}: {flaky}{junit.clean(cell.get('reason') or cell['verdict'])} "
        f"({cell['counts']['tests']} tests, {cell['durationSeconds']:.2f} s, {how})"
    )
    for note in cell.get("notes", []) + cell.get("leftovers", []):
        print(f"  note: {note}")
    for title, log in entry.logs:
        print(f"---- {title}\n{log}")


def _finish(label: str, entries: list[Entry], test: TestRun) -> int:
    done = [entry for entry in entries if entry.cell]
    if test.coverage_file:
        _write_coverage(done, test)
    if test.xml:
        with open(test.xml, "w", encoding="utf-8", errors="replace") as file:
            file.write(junit.document([entry.xml for entry in done]))
    faults = [entry for entry in done if entry.cell["verdict"] == verdict.INFRASTRUCTURE]
    if faults:
        test.infrastructure_failure(f"{faults[0].spec.name}: {faults[0].cell['reason']}")
    test.finish()
    if test.filter and all(entry.passed and not entry.cell["counts"]["tests"] for entry in done):
        # No failure: the filter may name tests of other suites, and only who started them all can tell.
        print(f"weft: no test of {label} matches \"{test.filter}\"")
    return 0 if all(entry.passed for entry in done) else 1


def _write_coverage(entries: list[Entry], test: TestRun) -> None:
    found = [entry.cell["coverage"]["files"] for entry in entries if "coverage" in entry.cell]
    text = coverage.lcov(found)
    paths = [test.coverage_file]
    if test.coverage_dir:
        # Bazel's merger reads every .dat of this folder and writes the other file anew.
        paths.append(os.path.join(test.coverage_dir, "weft.dat"))
    for path in filter(None, paths):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
