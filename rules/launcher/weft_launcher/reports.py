"""What pytest's reports of one test amount to: the journal's finish event."""

from __future__ import annotations

from .log import shorten


class Test:
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
            self.failures.append((kind, message_of(report), shorten(report.longreprtext)))
        elif report.skipped:
            self.outcome = "skipped" if expected is None else "xfailed"
            self.message = skip_reason(report) if expected is None else expected.removeprefix("reason: ")
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


def message_of(report) -> str:  # noqa: ANN001
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash is not None else (report.longreprtext.strip() or "failed")
    # A crash message begins with the error; other texts end with it.
    return text.split("\n")[0 if crash is not None else -1][:500]


def skip_reason(report) -> str:  # noqa: ANN001
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return str(reason).removeprefix("Skipped: ")[:500]
