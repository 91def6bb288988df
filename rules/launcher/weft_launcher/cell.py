"""Runs one cell: the core that a build action, a suite and a worker share."""

from __future__ import annotations

import os
import signal
import sys
import time

from . import benchmarks, child, journal, junit, processes, sandbox, supervise, tree, verdict
from .log import KEEP
from .memory import OomWatch
from .spec import CellSpec

VERSION = 1


class Result:
    """A cell's outcome: cell.json as a dict, its cases, its log."""

    def __init__(self, cell: dict, cases: list[journal.Case], log: str) -> None:
        self.cell = cell
        self.cases = cases
        self.log = log

    @property
    def passed(self) -> bool:
        """Whether the verdict is passed."""
        return self.cell["verdict"] == verdict.PASSED

    def testsuite(self, first: dict | None = None) -> str:
        """JUnit XML of this cell; first is the earlier attempt's cell.json."""
        return junit.testsuite(self.cell, self.cases, "" if self.passed else self.log, first)


def run_cell(spec: CellSpec, stop: supervise.Stop) -> Result:
    """Runs spec in a private tree and a fresh process; whatever happens becomes a result."""
    begin = time.time()
    monotonic = time.monotonic()
    cell: dict = {
        "attempt": spec.attempt,
        "environment": spec.environment,
        "file": spec.file,
        "interpreter": _interpreter(spec),
        "label": spec.label,
        "notes": [],
        "sandbox": sandbox.facts(),
        "start": _timestamp(begin),
        "timeoutSeconds": spec.timeout,
        "type": spec.type,
        "version": VERSION,
    }
    problem = _wrong_interpreter(spec)
    scratch = None
    if problem is None:
        try:
            scratch = tree.Scratch(spec.scratch)
            cases, log = _run(spec, scratch, cell, stop)
        except tree.MissingInput as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - one cell's fault must not take its suite's other cells along
            problem = f"{type(error).__name__}: {error}"
        finally:
            if scratch is not None:
                scratch.remove()
    if problem is not None:
        cases, log = _infrastructure(spec, cell, problem), ""
    cell["counts"] = _counts(cases)
    cell["durationSeconds"] = round(time.monotonic() - monotonic, 3)
    for empty in [key for key in ("leftovers", "notes") if not cell.get(key)]:
        cell.pop(empty, None)
    return Result(cell, cases, log)


def not_run(spec: CellSpec, reason: str) -> Result:
    """The result of a cell that there was no time for."""
    cell = {
        "attempt": spec.attempt,
        "durationSeconds": 0.0,
        "environment": spec.environment,
        "file": spec.file,
        "interpreter": _interpreter(spec),
        "label": spec.label,
        "sandbox": sandbox.facts(),
        "start": _timestamp(time.time()),
        "timeoutSeconds": spec.timeout,
        "type": spec.type,
        "version": VERSION,
    }
    cases = _infrastructure(spec, cell, reason)
    cell["verdict"] = verdict.TIMEOUT
    cell["counts"] = _counts(cases)
    return Result(cell, cases, "")


def _run(spec: CellSpec, scratch: tree.Scratch, cell: dict, stop: supervise.Stop) -> tuple[list[journal.Case], str]:
    scratch.copy(spec.manifest.files)
    env = child.variables(spec, scratch)
    if spec.manifest.dist_infos:
        from . import dist_info

        scripts = dist_info.write(spec, scratch)
        if scripts:
            env["PATH"] = scripts + os.pathsep + env["PATH"]
    processes.become_subreaper()
    memory = OomWatch()
    pid, log = child.start(_body(spec, scratch, env, cell), scratch.tree, env, stop)
    # SIGABRT makes pytest's faulthandler write where each thread hangs.
    first_signal = signal.SIGABRT if spec.kind == "python" else signal.SIGTERM
    ending = supervise.wait(pid, log, spec.limit, first_signal, stop, memory)
    story = journal.read(scratch.journal)
    cell["verdict"], reason = verdict.judge(spec, ending, story)
    if reason:
        cell["reason"] = junit.clean(" ".join(reason.split()))[:1000]
    cell["exitCode"], cell["signal"] = ending.code, ending.signal
    _tell(spec, scratch, cell, ending, story)
    if spec.type == "security" and spec.kind == "python" and stop.signal is None:
        from . import security

        cell["security"], notes = security.measure(spec, scratch, env, stop)
        cell["notes"] += notes
    return story.cases, ending.log.text()


def _body(spec: CellSpec, scratch: tree.Scratch, env: dict[str, str], cell: dict):  # noqa: ANN202 - Callable[[], int]
    if spec.kind == "python":

        def python() -> int:
            from . import pytest_side

            child.become_python(spec, env, [spec.store_path + "/bin/pytest"])
            return pytest_side.run(spec, scratch)

        return python

    from . import mrst, octave_side

    env.update(octave_side.variables(spec, scratch))
    octave_side.copy_runner(scratch)
    found = mrst.facts(spec.store_path)
    if found:
        cell["mrst"] = found
    return lambda: octave_side.execute(spec, scratch, env)


def _tell(spec: CellSpec, scratch: tree.Scratch, cell: dict, ending: supervise.Ending, story: journal.Story) -> None:
    """Adds what the journal and the ending say besides the verdict."""
    notes: list[str] = cell["notes"]
    notes += [junit.clean(" ".join(note.split())) for note in story.notes]
    if cell["verdict"] == verdict.PASSED and not story.cases:
        notes.append(verdict.nothing_to_run(spec, story) or "no test ran")
    if story.unreadable:
        notes.append(f"{story.unreadable} lines of the journal could not be read")
    if ending.log.cut:
        notes.append(f"log cut: {ending.log.total} bytes, first and last {KEEP} kept")
    if ending.leftovers:
        cell["leftovers"] = [junit.clean(f"process {name} (killed)") for name in ending.leftovers[:20]]
    if story.version:
        cell["interpreter"]["version"] = story.version
    if story.coverage is not None:
        cell["coverage"] = {"files": story.coverage}
    if spec.type == "performance":
        found = [benchmarks.from_samples(event) for event in story.benchmarks]
        if spec.kind == "python":
            from .pytest_plugin import benchmark_file

            found += benchmarks.from_file(benchmark_file(scratch))
            _keep(spec, benchmark_file(scratch))
        cell["benchmarks"] = found


def _keep(spec: CellSpec, path: str) -> None:
    """Puts a result file where Bazel collects a test's outputs."""
    if spec.outputs_dir and os.path.exists(path):
        os.makedirs(spec.outputs_dir, exist_ok=True)
        tree.copy_any(path, os.path.join(spec.outputs_dir, os.path.basename(path)))


def _infrastructure(spec: CellSpec, cell: dict, problem: str) -> list[journal.Case]:
    cell["verdict"] = verdict.INFRASTRUCTURE
    cell["reason"] = junit.clean(" ".join(problem.split()))
    cell["exitCode"] = cell["signal"] = None
    return [verdict.whole_cell(spec.file, verdict.INFRASTRUCTURE, cell["reason"])]


def _interpreter(spec: CellSpec) -> dict[str, str]:
    if spec.kind == "octave":
        # Until the runner has said better.
        return {"executable": spec.store_path + "/bin/octave-cli", "version": spec.environment["version"]}
    return {"executable": sys.executable, "version": ".".join(map(str, sys.version_info[:3]))}


def _wrong_interpreter(spec: CellSpec) -> str | None:
    """A cell of one environment must never run with the interpreter of another, or of the machine."""
    name = spec.environment["name"]
    if not os.path.isdir(spec.store_path):
        return f"the environment {name} is not there: {spec.store_path} does not exist; run `weft env build {name}`"
    if spec.kind == "python" and os.path.realpath(sys.prefix) != os.path.realpath(spec.store_path):
        return f"the interpreter's prefix is {sys.prefix}, not the environment's {spec.store_path}"
    if spec.kind == "octave" and not os.path.exists(spec.store_path + "/bin/octave-cli"):
        return f"the environment {name} has no bin/octave-cli"
    return None


def _counts(cases: list[journal.Case]) -> dict[str, int]:
    real = [case for case in cases if not case.synthetic]
    counts = {"tests": len(real)}
    for key, outcome in (
        ("passed", "passed"), ("failed", "failed"), ("errors", "error"),
        ("skipped", "skipped"), ("xfailed", "xfailed"), ("xpassed", "xpassed"),
    ):  # fmt: skip
        counts[key] = sum(case.outcome == outcome for case in real)
    return counts


def _timestamp(seconds: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds * 1000) % 1000:03d}Z"
