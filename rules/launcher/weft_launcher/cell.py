"""Runs one cell: the core that a build action, a suite and a worker share."""

from __future__ import annotations

import os
import signal
import sys
import time

from . import benchmarks, child, journal, junit, package, processes, sandbox, supervise, tree, verdict
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
        # Modules of the environment that a worker may import beforehand.
        self.learnt: list[str] = []

    @property
    def passed(self) -> bool:
        """Whether the verdict is passed."""
        return self.cell["verdict"] == verdict.PASSED

    def testsuite(self, first: dict | None = None) -> str:
        """JUnit XML of this cell; first is the earlier attempt's cell.json."""
        return junit.testsuite(self.cell, self.cases, "" if self.passed else self.log, first)


def run_cell(spec: CellSpec, stop: supervise.Stop) -> Result:
    """Runs spec in a private tree and a fresh process; whatever happens becomes a result."""
    (result,) = _attempt(spec, stop)
    return result


def run_package(specs: list[CellSpec], time_left: float | None, stop: supervise.Stop) -> list[Result]:
    """Runs files that share one private tree and one process; a result for each, in the order that they ran in."""
    spec = package.shared(specs)
    spec.time_left = time_left
    return _attempt(spec, stop)


def _attempt(spec: CellSpec, stop: supervise.Stop) -> list[Result]:
    begin = time.time()
    monotonic, cpu = time.monotonic(), _cpu_seconds(spec)
    problem = _wrong_interpreter(spec)
    scratch = None
    results: list[Result] = []
    if problem is None:
        try:
            scratch = tree.Scratch.make(spec.scratch)
            results = _run(spec, scratch, stop)
        except tree.MissingInput as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - one cell's fault must not take its suite's other cells along
            problem = f"{type(error).__name__}: {error}"
        finally:
            if scratch is not None:
                scratch.remove()
    if problem is not None:
        results = [_infrastructure(member, problem) for member in spec.members]
    duration = time.monotonic() - monotonic
    for result in results:
        cell = result.cell
        cell["start"] = _timestamp(begin)
        cell["timeoutSeconds"] = spec.timeout
        cell["counts"] = _counts(result.cases)
        # Of a process that several files share, each has what its tests took.
        own = sum(case.duration for case in result.cases) if spec.together else duration
        cell["durationSeconds"] = round(own, 3)
        if not spec.together:
            cell["cpuSeconds"] = round(_cpu_seconds(spec) - cpu, 3)
        for empty in [key for key in ("leftovers", "notes") if not cell.get(key)]:
            cell.pop(empty, None)
    return results


def _cpu_seconds(spec: CellSpec) -> float:
    return processes.cpu_seconds(spec.shared.pid if spec.shared is not None else 0)


def not_run(spec: CellSpec, reason: str) -> Result:
    """The result of a cell that there was no time for."""
    result = _infrastructure(spec, reason)
    cell = result.cell
    cell.pop("notes")
    cell["durationSeconds"] = 0.0
    cell["verdict"] = verdict.TIMEOUT
    cell["counts"] = _counts(result.cases)
    return result


def _facts(spec: CellSpec) -> dict:
    return {
        "attempt": spec.attempt,
        "environment": spec.environment,
        "file": spec.file,
        "interpreter": _interpreter(spec),
        "label": spec.label,
        "notes": [],
        "sandbox": sandbox.facts(),
        "start": _timestamp(time.time()),
        "timeoutSeconds": spec.timeout,
        "type": spec.type,
        "version": VERSION,
    }


def _run(spec: CellSpec, scratch: tree.Scratch, stop: supervise.Stop) -> list[Result]:
    scratch.copy(spec.manifest.files)
    env = child.variables(spec, scratch)
    if spec.manifest.dist_infos:
        from . import dist_info

        scripts = dist_info.write(spec, scratch)
        if scripts:
            env["PATH"] = scripts + os.pathsep + env["PATH"]
    cells = {member.file: _facts(member) for member in spec.members}
    processes.become_subreaper()
    memory = OomWatch()
    if spec.shared is not None:
        pid, log = spec.shared.begin(spec, scratch, env, stop)
    else:
        pid, log = child.start(_body(spec, scratch, env, cells[spec.members[0].file]), scratch.tree, env, stop, spec.memory)
    # SIGABRT makes pytest's faulthandler write where each thread hangs.
    first_signal = signal.SIGABRT if spec.kind == "python" else signal.SIGTERM
    ending = supervise.wait(pid, log, spec.limit, first_signal, stop, memory, spec.shared and spec.shared.channel)
    story = journal.read(scratch.journal)
    if spec.together:
        outcomes = package.split(spec, ending, story)
    else:
        outcomes = [package.Outcome(spec, story, *verdict.judge(spec, ending, story))]
    if spec.shared is not None:
        spec.shared.conclude(spec, ending, story, outcomes[0].verdict == verdict.PASSED)
    results = []
    for outcome in outcomes:
        cell = cells[outcome.spec.file]
        _conclude(outcome, cell, ending)
        _tell(outcome, scratch, cell, ending)
        if ending.leftovers and not spec.together:
            cell["leftovers"] = _leftovers(ending)
        _measure_security(outcome.spec, scratch, env, cell, stop)
        result = Result(cell, outcome.story.cases, ending.log.text())
        result.learnt = outcome.story.modules
        results.append(result)
    if spec.together:
        _tell_shared(results, ending, story)
    return results


def _conclude(outcome: package.Outcome, cell: dict, ending: supervise.Ending) -> None:
    cell["verdict"] = outcome.verdict
    if outcome.reason:
        cell["reason"] = junit.clean(" ".join(outcome.reason.split()))[:1000]
    cell["exitCode"], cell["signal"] = ending.code, ending.signal


def _measure_security(spec: CellSpec, scratch: tree.Scratch, env: dict[str, str], cell: dict, stop: supervise.Stop) -> None:
    if spec.type == "security" and spec.kind == "python" and stop.signal is None:
        from . import security

        cell["security"], notes = security.measure(spec, scratch, env, stop)
        cell["notes"] += notes


def _tell_shared(results: list[Result], ending: supervise.Ending, story: journal.Story) -> None:
    """Adds once, to the first file, what is told of the whole process; a log belongs to the first that did not pass."""
    first = results[0].cell
    first["notes"] += [junit.clean(" ".join(note.split())) for note in story.notes]
    if ending.leftovers:
        first["leftovers"] = _leftovers(ending)
    if story.coverage is not None:
        first["coverage"] = {"files": story.coverage}
    failed = [result for result in results if not result.passed]
    for result in failed:
        others = len(results) - 1
        result.cell["notes"].append(f"ran in one process with {others} other {'file' if others == 1 else 'files'} of its package")
        if result is not failed[0]:
            result.log = f"[weft: the log of the one process is with {failed[0].cell['file']}]"


def _body(spec: CellSpec, scratch: tree.Scratch, env: dict[str, str], cell: dict):  # noqa: ANN202 - Callable[[], int]
    if spec.kind == "python":

        return lambda: child.run_python(spec, scratch, env)

    from . import mrst, octave_side

    env.update(octave_side.variables(spec, scratch))
    octave_side.copy_runner(scratch)
    found = mrst.facts(spec.store_path)
    if found:
        cell["mrst"] = found
    return lambda: octave_side.execute(spec, scratch, env)


def _tell(outcome: package.Outcome, scratch: tree.Scratch, cell: dict, ending: supervise.Ending) -> None:
    """Adds what the journal and the ending say besides the verdict."""
    spec, story = outcome.spec, outcome.story
    notes: list[str] = cell["notes"]
    notes += [junit.clean(" ".join(note.split())) for note in story.notes]
    if cell["verdict"] == verdict.PASSED and spec.after:
        notes.append(verdict.passes_alone(spec.after))
    if cell["verdict"] == verdict.PASSED and not story.cases:
        notes.append(verdict.nothing_to_run(spec, story) or "no test ran")
    if story.unreadable:
        notes.append(f"{story.unreadable} lines of the journal could not be read")
    if ending.log.cut:
        notes.append(f"log cut: {ending.log.total} bytes, first and last {KEEP} kept")
    if story.version:
        cell["interpreter"]["version"] = story.version
    if story.coverage is not None:
        cell["coverage"] = {"files": story.coverage}
    if spec.type == "performance":
        cell["benchmarks"] = _benchmarks(spec, scratch, story)
        if spec.kind == "python":
            from .pytest_plugin import benchmark_file

            _keep(spec, benchmark_file(scratch))


def _benchmarks(spec: CellSpec, scratch: tree.Scratch, story: journal.Story) -> list[dict]:
    found = [benchmarks.from_samples(event) for event in story.benchmarks]
    if spec.kind == "python":
        from .pytest_plugin import benchmark_file

        measured = benchmarks.from_file(benchmark_file(scratch))
        # One process may have measured other files too.
        found += [one for one in measured if not spec.package or str(one["name"]).startswith(spec.file + "::")]
    return found


def _leftovers(ending: supervise.Ending) -> list[str]:
    return [junit.clean(f"process {name} (killed)") for name in ending.leftovers[:20]]


def _keep(spec: CellSpec, path: str) -> None:
    """Puts a result file where Bazel collects a test's outputs."""
    if spec.outputs_dir and os.path.exists(path):
        os.makedirs(spec.outputs_dir, exist_ok=True)
        tree.copy_any(path, os.path.join(spec.outputs_dir, os.path.basename(path)))


def _infrastructure(spec: CellSpec, problem: str) -> Result:
    cell = _facts(spec)
    cell["verdict"] = verdict.INFRASTRUCTURE
    cell["reason"] = junit.clean(" ".join(problem.split()))
    cell["exitCode"] = cell["signal"] = None
    return Result(cell, [verdict.whole_cell(spec.file, verdict.INFRASTRUCTURE, cell["reason"])], "")


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
