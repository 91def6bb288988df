"""Security cells: bandit over the first-party sources, and known advisories of the environment's packages."""

from __future__ import annotations

import json
import os

from . import advisories, child, supervise
from .memory import OomWatch
from .spec import CellSpec
from .tree import Scratch

BANDIT_LIMIT = 120.0


def measure(spec: CellSpec, scratch: Scratch, env: dict[str, str], stop: supervise.Stop) -> tuple[dict, list[str]]:
    """The `security` object of cell.json, and notes."""
    found: dict = {"advisoriesMeasured": False, "banditMissing": False}
    notes: list[str] = []
    _bandit(spec, scratch, env, stop, found, notes)
    _advisories(spec, found, notes)
    return found, notes


def _bandit(
    spec: CellSpec, scratch: Scratch, env: dict[str, str], stop: supervise.Stop, found: dict, notes: list[str]
) -> None:
    from importlib.util import find_spec

    sources = [path for path in spec.manifest.sources if path.endswith(".py")]
    if find_spec("bandit") is None:
        found["banditMissing"] = True
        notes.append(f"bandit did not run: the environment {spec.environment['name']} has none")
        return
    if not sources:
        found["bandit"] = []
        notes.append("bandit had nothing to look at: the file's deps hold no first-party Python sources")
        return
    report = os.path.join(scratch.base, "bandit.json")
    python = spec.store_path + "/bin/python3"
    argv = [python, "-sB", "-m", "bandit", "-q", "-f", "json", "-o", report, *sources]

    def body() -> int:
        os.execve(python, argv, env)

    pid, log = child.start(body, scratch.tree, env, stop)
    ending = supervise.wait(pid, log, BANDIT_LIMIT, 15, stop, OomWatch([]))
    try:
        with open(report, encoding="utf-8") as file:
            results = json.load(file)
    except (OSError, ValueError):
        last = ending.log.text().strip().splitlines()[-1:]
        notes.append(f"bandit gave no result: {last[0] if last else f'exit {ending.code}, signal {ending.signal}'}")
        return
    notes.extend(f"bandit skipped {error['filename']}: {error['reason']}" for error in results.get("errors", []))
    found["bandit"] = [
        {
            "confidence": issue["issue_confidence"],
            "file": os.path.normpath(issue["filename"]),
            "line": issue["line_number"],
            "message": issue["issue_text"],
            "severity": issue["issue_severity"],
            "test": issue["test_id"],
        }
        for issue in results.get("results", [])
    ]


def _advisories(spec: CellSpec, found: dict, notes: list[str]) -> None:
    if not spec.advisories:
        notes.append("advisories not checked: no OSV files were given (--@rules_weft//:advisories)")
        return
    if spec.kind != "python":
        notes.append("advisories not checked: only Python environments say what is installed")
        return
    import sys

    try:
        records = advisories.load([path for path, _ in spec.advisories])
        found["advisories"] = advisories.match(records, advisories.installed())
        found["advisoriesMeasured"] = True
    except advisories.NoPackaging:
        name = spec.environment["name"]
        notes.append(f"advisories not checked: the environment {name} has no `packaging`, which compares versions")
    except advisories.BadRecord as error:
        notes.append(f"advisories not checked: {error}")
    finally:
        # The next cell of a suite is forked from this process, and its project may have a `packaging` of its own.
        for module in [name for name in sys.modules if name.partition(".")[0] == "packaging"]:
            del sys.modules[module]
