"""Files with isolation = "package": one pytest process runs them all, and its journal is told apart by file."""

from __future__ import annotations

import copy
import os

from . import journal, supervise, verdict
from .spec import CellSpec, Manifest


class Outcome:
    """What the shared process amounts to for one of its files."""

    def __init__(self, spec: CellSpec, story: journal.Story, found: str, reason: str | None) -> None:
        self.spec = spec
        self.story = story
        self.verdict = found
        self.reason = reason


def shared(members: list[CellSpec]) -> CellSpec:
    """One spec for them all: their files in the order of paths, one private tree, the sum of their timeouts."""
    members = sorted(members, key=lambda member: member.file.split("/"))
    spec = copy.copy(members[0])
    spec.members = members
    spec.together = True
    spec.file = os.path.dirname(members[0].file) or "."
    spec.timeout = sum(member.timeout for member in members)
    # The largest that one of them asks for; one without a limit lifts it for all.
    spec.memory = 0 if any(not member.memory for member in members) else max(member.memory for member in members)
    spec.env = {name: value for member in members for name, value in member.env.items()}
    spec.manifest = _union([member.manifest for member in members])
    return spec


def _union(manifests: list[Manifest]) -> Manifest:
    union = Manifest()
    targets = {target: source for manifest in manifests for source, target in manifest.files}
    union.files = [(source, target) for target, source in targets.items()]
    union.sources = list(dict.fromkeys(path for manifest in manifests for path in manifest.sources))
    union.imports = list(dict.fromkeys(path for manifest in manifests for path in manifest.imports))
    union.dist_infos = list({info["folder"]: info for manifest in manifests for info in manifest.dist_infos}.values())
    return union


def split(spec: CellSpec, ending: supervise.Ending, story: journal.Story) -> list[Outcome]:
    """The outcome of each file. A process that broke off is told for the file that it was at; no file is lost."""
    parts = {member.file: story.parts.get(member.file) or journal.Story() for member in spec.members}
    broken = _broke_off(ending, story, list(parts.values()))
    # Before the first file nobody is at fault, and somebody has to say it.
    at = story.current if story.current in parts else spec.members[0].file
    _take_strays(spec, story, parts[at], at)
    told, why = None, "stopped at the first failure" if spec.fail_fast else ""
    if broken:
        told = _judge_broken(spec, at, ending, story, parts)
        why = told.reason or told.verdict
    return [
        told if told is not None and member.file == at else _judge_other(member, parts[member.file], ending, why)
        for member in spec.members
    ]


def _broke_off(ending: supervise.Ending, story: journal.Story, parts: list[journal.Story]) -> bool:
    """Whether the process ended otherwise than by running all tests and telling of them."""
    if ending.stopped or ending.timed_out or ending.signal is not None or story.exit is None or ending.code != story.exit:
        return True
    if story.interrupted or story.exit in (2, 3, 4):
        return True
    # For example a plugin that fails the session.
    return story.exit not in (0, verdict.NO_TESTS_COLLECTED) and not any(map(_failing, [story, *parts]))


def _failing(part: journal.Story) -> bool:
    return any(case.outcome in ("failed", "error") for case in part.cases)


def _take_strays(spec: CellSpec, story: journal.Story, part: journal.Story, file: str) -> None:
    """What is of none of the files (a conftest.py, pytest itself) is told with the file that it came up in."""
    for case in story.cases:
        if case.id == spec.file:
            case.id = file
        part.cases.append(case)
    part.unreadable = story.unreadable


def _judge_broken(
    spec: CellSpec, file: str, ending: supervise.Ending, story: journal.Story, parts: dict[str, journal.Story]
) -> Outcome:
    own = next(member for member in spec.members if member.file == file)
    member = copy.copy(own)
    member.timeout, member.time_left = spec.timeout, spec.time_left
    part = parts[file]
    part.exit, part.interrupted = story.exit, story.interrupted
    part.before = sum(case.duration for name, other in parts.items() if name != file for case in other.cases)
    found, reason = verdict.judge(member, ending, part)
    return Outcome(own, part, found, reason)


def _judge_other(member: CellSpec, part: journal.Story, ending: supervise.Ending, why: str) -> Outcome:
    finished = part.collected is not None and len(part.cases) >= part.collected
    if why and not finished and not _failing(part):
        how = f"only {len(part.cases)} of {part.collected} tests ran" if part.cases else "not reached"
        reason = f"{how}, in one process with the other files of its package: {why}"
        found = verdict.INFRASTRUCTURE if ending.stopped else verdict.ERROR
        part.cases.append(verdict.whole_cell(member.file, found, reason))
        return Outcome(member, part, found, reason)
    part.running = None
    part.exit = 1 if _failing(part) else 0 if part.cases else verdict.NO_TESTS_COLLECTED
    own = supervise.Ending()
    own.code = part.exit
    own.log = ending.log
    return Outcome(member, part, *verdict.judge(member, own, part))
