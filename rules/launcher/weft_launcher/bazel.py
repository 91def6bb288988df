"""Bazel's side of a test: the variables of the Test Encyclopedia, read once."""

from __future__ import annotations

import os
import time


class TestRun:
    """How Bazel wants this test to run, and where its outputs go."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.begin = time.monotonic()
        self.xml = environ.get("XML_OUTPUT_FILE")
        self.tmp = environ.get("TEST_TMPDIR")
        self.timeout = _number(environ.get("TEST_TIMEOUT"))
        self.filter = environ.get("TESTBRIDGE_TEST_ONLY") or None
        self.fail_fast = environ.get("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1"
        # Only set with --runs_per_test.
        self.run_number = environ.get("TEST_RUN_NUMBER")
        self.shards = int(_number(environ.get("TEST_TOTAL_SHARDS")) or 1)
        self.shard = int(_number(environ.get("TEST_SHARD_INDEX")) or 0)
        self.outputs = environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
        self.warnings: list[str] = []
        if self.outputs and environ.get("TEST_UNDECLARED_OUTPUTS_ZIP") and not _on_path("zip", environ):
            # Bazel's test-setup.sh fails a test whose outputs it cannot zip, whatever the test says.
            self.outputs = None
            self.warnings.append(
                "files in TEST_UNDECLARED_OUTPUTS_DIR are dropped: this machine has no zip (use --nozip_undeclared_test_outputs)"
            )
        self.infrastructure_file = environ.get("TEST_INFRASTRUCTURE_FAILURE_FILE")
        self.coverage_file = environ.get("COVERAGE_OUTPUT_FILE") if environ.get("COVERAGE") == "1" else None
        self.coverage_dir = environ.get("COVERAGE_DIR")
        self._premature = environ.get("TEST_PREMATURE_EXIT_FILE")
        status = environ.get("TEST_SHARD_STATUS_FILE")
        if status:
            # Says to Bazel that this test honours its shard.
            _touch(status)
        if self._premature:
            _touch(self._premature)

    @property
    def by_itself(self) -> str | None:
        """Why the suite runs its files itself although their cells may have passed; None when it need not."""
        if self.coverage_file:
            return "coverage"
        if self.filter:
            return "a test filter"
        if self.run_number:
            return "--runs_per_test"
        if self.shards > 1:
            return "sharding"
        return None

    def time_left(self) -> float | None:
        """Seconds for further tests: Bazel's timeout, less a reserve for the reports and for stopping a process."""
        if self.timeout is None:
            return None
        reserve = min(10.0, max(3.0, 0.1 * self.timeout))
        return self.timeout - reserve - (time.monotonic() - self.begin)

    def finish(self) -> None:
        """Every result is written: the end is not premature."""
        if self._premature:
            try:
                os.unlink(self._premature)
            except FileNotFoundError:
                pass

    def infrastructure_failure(self, reason: str) -> None:
        """Tells Bazel that not the test but what it stands on has failed."""
        if self.infrastructure_file:
            with open(self.infrastructure_file, "w", encoding="utf-8") as file:
                file.write(reason + "\n")


def _on_path(program: str, environ: dict[str, str]) -> bool:
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in environ.get("PATH", "").split(os.pathsep))


def _touch(path: str) -> None:
    with open(path, "a", encoding="utf-8"):
        pass


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
