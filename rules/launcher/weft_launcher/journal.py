"""The journal (see ../JOURNAL.md): the test process writes it, the parent folds it."""

from __future__ import annotations

import json
import os

from .log import shorten

OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


class Writer:
    """Appends events. A test may close or reuse any descriptor: each write first makes sure of its own."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._fd = -1
        self._open()

    def _open(self) -> None:
        self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        status = os.fstat(self._fd)
        self._identity = (status.st_dev, status.st_ino)
        self._pid = os.getpid()

    def write(self, event: str, **fields: object) -> None:
        """Appends one event; a forked copy of the test process stays silent."""
        if os.getpid() != self._pid:
            return
        if not self._own():
            self._open()
        line = json.dumps({"event": event, **fields}) + "\n"
        view = memoryview(line.encode("ascii"))
        while view:
            view = view[os.write(self._fd, view) :]

    def _own(self) -> bool:
        try:
            status = os.fstat(self._fd)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self._identity

    def close(self) -> None:
        """Nothing more will be written; the process may go on."""
        if self._own():
            os.close(self._fd)


class Case:
    """One test, or one thing that failed outside of any test."""

    __slots__ = (
        "id", "outcome", "duration", "message", "text", "stdout", "stderr", "line", "file", "properties", "type",
        "synthetic", "reruns",
    )  # fmt: skip

    def __init__(self, id: str, outcome: str) -> None:
        self.id = id
        self.outcome = outcome
        self.duration = 0.0
        self.message = ""
        self.text = ""
        self.stdout = ""
        self.stderr = ""
        self.line: int | None = None
        self.file = ""
        self.properties: list[tuple[str, str]] = []
        # The failure's type in JUnit; "" = by outcome.
        self.type = ""
        # It stands for the whole cell and counts as no test.
        self.synthetic = False
        # Earlier or later outcomes of the same test: (JUnit element, message, text).
        self.reruns: list[tuple[str, str, str]] = []


class Story:
    """What a journal tells."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.collected: int | None = None
        self.deselected = 0
        self.excluded = 0
        self.interrupted = ""
        self.running: str | None = None
        self.running_since: float | None = None
        self.exit: int | None = None
        self.version: str | None = None
        self.notes: list[str] = []
        self.benchmarks: list[dict] = []
        self.coverage: dict | None = None
        # The environment's modules that the tests have imported.
        self.modules: list[str] = []
        self.unreadable = 0
        # Several files in one process: what is told of each, and the one that it is at or was at last.
        self.parts: dict[str, Story] = {}
        self.current: str | None = None
        # Seconds that tests of other files took before these.
        self.before = 0.0


def read(path: str) -> Story:
    """Folds the journal at path."""
    story = Story()
    with open(path, "rb") as lines:
        for line in lines:
            try:
                event = json.loads(line.decode("utf-8", "replace"))
                _fold(story, event)
            except (ValueError, KeyError, TypeError, AttributeError):
                story.unreadable += 1
    return story


def _fold(story: Story, event: dict) -> None:
    kind = event["event"]
    if "of" in event:
        if kind in ("collecting", "start", "error"):
            story.current = str(event["of"])
        story = story.parts.setdefault(str(event["of"]), Story())
    if kind == "start":
        story.running = str(event["id"])
        story.running_since = _number(event.get("at"))
    elif kind == "finish":
        outcome = event["outcome"]
        if outcome not in OUTCOMES:
            raise ValueError(outcome)
        story.cases.append(_case(event, outcome))
        if story.running == event["id"]:
            story.running = None
    elif kind == "error":
        story.cases.append(_case(event, "error"))
    elif kind == "collected":
        story.collected = int(event["tests"])
        story.deselected = int(event.get("deselected") or 0)
        story.excluded = int(event.get("excluded") or 0)
    elif kind == "interrupted":
        story.interrupted = str(event["text"])
    elif kind == "note":
        story.notes.append(str(event["text"]))
    elif kind == "session":
        story.version = str(event["version"])
    elif kind == "benchmark":
        story.benchmarks.append(event)
    elif kind == "modules":
        story.modules = [str(name) for name in event["names"]]
    elif kind == "coverage":
        story.coverage = event["files"]
    elif kind == "end":
        story.exit = int(event["exit"])
        for part in (story, *story.parts.values()):
            part.running = None


def _case(event: dict, outcome: str) -> Case:
    case = Case(str(event["id"]), outcome)
    case.duration = _number(event.get("duration")) or 0.0
    case.message = str(event.get("message") or "")
    for field in ("text", "stdout", "stderr", "file"):
        setattr(case, field, shorten(str(event.get(field) or "")))
    line = event.get("line")
    case.line = int(line) if line is not None else None
    case.properties = [(str(name), str(value)) for name, value in event.get("properties") or []]
    return case


def _number(value: object) -> float | None:
    # Octave writes NaN and Inf where a clock was not read.
    if isinstance(value, (int, float)) and value == value and abs(value) != float("inf"):
        return float(value)
    return None
