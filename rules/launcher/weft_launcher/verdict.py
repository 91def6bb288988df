"""What a cell's run amounts to: the verdict, one line of reason, and the cases that it adds."""

from __future__ import annotations

import signal

from . import processes
from .journal import Case, Story
from .spec import CellSpec
from .supervise import Ending

PASSED = "passed"
FAILED = "failed"
ERROR = "error"
TIMEOUT = "timeout"
CRASHED = "crashed"
OUT_OF_MEMORY = "out of memory"
NO_TESTS = "no tests"
INFRASTRUCTURE = "infrastructure"

USAGE_ERROR = 4
NO_TESTS_COLLECTED = 5
_EXITS = {2: "was interrupted", 3: "had an internal error", 4: "was called wrongly"}

# What pytest says, by version, of a file that is there and that nothing collects.
_NO_COLLECTORS = ("found no collectors for ", "not found: ")

# How many files a note names.
_NAMED = 3
# Characters of the log for a test that could not tell anything itself.
_LAST_WORDS = 4000
_FAULT = "Fatal Python error"
_OTHERS_FRAMES = ("/weft_launcher/", "/_pytest/", "/pluggy/")


def judge(spec: CellSpec, ending: Ending, story: Story) -> tuple[str, str | None]:
    """The verdict and its reason; a test that was cut short, or the cell as a whole, becomes an error case."""
    verdict, reason = _judge(spec, ending, story)
    if story.running is not None:
        case = Case(story.running, "error")
        case.message = reason or verdict
        case.type = "weft." + verdict
        case.text = _last_words(ending)
        done = story.before + sum(other.duration for other in story.cases)
        case.duration = max(0.0, ending.duration - done)
        story.cases.append(case)
    elif verdict != PASSED and not any(case.outcome in ("failed", "error") for case in story.cases):
        story.cases.append(whole_cell(spec.file, verdict, reason, _last_words(ending)))
    return verdict, reason


def _last_words(ending: Ending) -> str:
    """The log's end; with faulthandler's dump, its innermost frames, which come first."""
    text = ending.log.text()
    at = text.rfind(_FAULT)
    if at < 0:
        return text[-_LAST_WORDS:]
    # The log has the whole dump; here the project's own frames are enough.
    frames = [line for line in text[at:].splitlines(True) if not any(part in line for part in _OTHERS_FRAMES)]
    return "".join(frames)[:_LAST_WORDS]


def whole_cell(file: str, verdict: str, reason: str | None, text: str = "") -> Case:
    """The case that stands for a cell without any test to blame."""
    case = Case(file, "error")
    case.message = reason or verdict
    case.type = "weft." + verdict
    case.text = text
    case.synthetic = True
    return case


def _judge(spec: CellSpec, ending: Ending, story: Story) -> tuple[str, str | None]:
    where = _where(spec, story)
    if ending.stopped:
        return INFRASTRUCTURE, f"interrupted from outside {where}"
    if ending.too_many:
        return CRASHED, f"stopped: more than {processes.LIMIT} processes at once {where}"
    if ending.timed_out:
        if spec.time_left is not None and spec.time_left < spec.timeout:
            return TIMEOUT, (
                f"stopped after {spec.limit:.3g} s {where}: Bazel's timeout left no more (the cell's own is {spec.timeout:g} s)"
            )
        return TIMEOUT, f"timed out after {spec.limit:g} s {where}"
    if ending.out_of_memory:
        return OUT_OF_MEMORY, f"killed by the kernel for lack of memory {where}"
    if ending.signal is not None:
        return CRASHED, f"killed by signal {ending.signal} ({signal_name(ending.signal)}) {where}"
    if story.exit is None:
        return CRASHED, f"os._exit({ending.code}) {where}" if spec.kind == "python" else f"exited with {ending.code} {where}"
    if ending.code != story.exit:
        return CRASHED, f"exited with {ending.code} after the tests, which ended with {story.exit}"
    return _by_tests(spec, ending, story)


def _by_tests(spec: CellSpec, ending: Ending, story: Story) -> tuple[str, str | None]:
    failed = [case for case in story.cases if case.outcome == "failed"]
    errors = [case for case in story.cases if case.outcome == "error"]
    if failed:
        return FAILED, _first(failed, "failed")
    if story.exit == USAGE_ERROR and not errors and _usage_error(ending).startswith(_NO_COLLECTORS):
        return NO_TESTS, f"pytest collects nothing from {spec.file}: give its settings an option --doctest-glob that matches it"
    if story.exit in _EXITS and not errors:
        detail = story.interrupted or _usage_error(ending)
        return ERROR, f"{_runner(spec)} {_EXITS[story.exit]}" + (f": {detail}" if detail else " (see the log)")
    if errors:
        return ERROR, _first(errors, "had an error")
    if story.interrupted:
        # pytest.exit("enough", returncode=0): the exit code is the test's own word.
        return ERROR, f"{_runner(spec)} was interrupted: {story.interrupted}"
    if story.collected is not None and len(story.cases) < story.collected:
        return ERROR, f"only {len(story.cases)} of {story.collected} collected tests ran (see the log)"
    if not story.cases and nothing_to_run(spec, story) is None:
        return NO_TESTS, _no_tests(spec, story)
    if story.exit not in (0, NO_TESTS_COLLECTED):
        return FAILED, f"exited with {story.exit} although no test failed (see the log)"
    return PASSED, None


def nothing_to_run(spec: CellSpec, story: Story) -> str | None:
    """Why it is right that a cell has run no test: its note; None when it is not."""
    if spec.filter:
        # It names tests of other cells.
        return "no test of this cell matches the filter" + (" in this shard" if spec.shard else "")
    if story.excluded and not spec.arguments:
        # As in a plain run, which would not have them either.
        return f"no test ran: the project's own options leave out {_all(story.excluded)} of type {spec.type} in {spec.file}"
    if spec.types_at_collection and story.deselected:
        return f"no test ran: {_all(story.deselected)} of {spec.file} turned out to be of other types than {spec.type}"
    return None


def passes_alone(files: list[str]) -> str:
    """The note of a cell that did not pass in a process that had run files before it. The last are the likeliest cause."""
    more = len(files) - _NAMED
    others = f" and {more} before" if more > 0 else ""
    return f"passes alone and did not in one process after {', '.join(files[-_NAMED:])}{others}"


def _all(count: int) -> str:
    return "the only test" if count == 1 else f"all {count} tests"


def _runner(spec: CellSpec) -> str:
    return "pytest" if spec.kind == "python" else "the Octave runner"


def _first(cases: list[Case], what: str) -> str:
    first = cases[0]
    more = f" (and {len(cases) - 1} more)" if len(cases) > 1 else ""
    return f"{first.id} {what}: {first.message}{more}" if first.message else f"{first.id} {what}{more}"


def _no_tests(spec: CellSpec, story: Story) -> str:
    others = f", {story.deselected} of other types" if story.deselected else ""
    return f"no {spec.type} test in {spec.file}{others}: mark one, or take \"{spec.type}\" from its types"


def _usage_error(ending: Ending) -> str:
    for line in ending.log.text().splitlines():
        if line.startswith("ERROR: "):
            return line[7:]
    return ""


def _where(spec: CellSpec, story: Story) -> str:
    if story.running is not None:
        return f"in {story.running}"
    if story.exit is not None:
        return "after the tests"
    if story.collected is None and not story.cases:
        return f"while collecting {spec.file}"
    return f"after {story.cases[-1].id}" if story.cases else f"before the first test of {spec.file}"


def signal_name(number: int) -> str:
    """SIGKILL for 9."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
