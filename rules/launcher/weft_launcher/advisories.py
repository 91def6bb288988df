"""Matches installed distributions against OSV records (https://ossf.github.io/osv-schema/)."""

from __future__ import annotations

import json
import re


class NoPackaging(Exception):
    """The environment cannot compare versions."""


class BadRecord(Exception):
    """A file that is no OSV JSON."""


def normal(name: str) -> str:
    """A distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    """This interpreter's distributions: normalised name → version."""
    from importlib import metadata

    found = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name and distribution.version:
            # The first on sys.path is the one that is imported.
            found.setdefault(normal(name), distribution.version)
    return found


def load(paths: list[str]) -> list[dict]:
    """The records of JSON files: one record, a list, or an object with `vulns`."""
    records: list[dict] = []
    for path in paths:
        if not path.endswith(".json"):
            continue
        try:
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
        except (OSError, ValueError) as error:
            raise BadRecord(f"{path} is no OSV file: {error}") from None
        several = data.get("vulns", [data]) if isinstance(data, dict) else data
        for record in several:
            if not isinstance(record, dict) or "id" not in record:
                raise BadRecord(f"{path} is no OSV file: a record has no id")
            records.append(record)
    return records


def match(records: list[dict], packages: dict[str, str]) -> list[dict]:
    """The advisories that hold for packages, sorted by package and id."""
    try:
        from packaging.version import InvalidVersion, Version
    except ImportError:
        raise NoPackaging from None

    def version(text: str) -> object:
        try:
            return Version("0" if text == "0" else text)
        except InvalidVersion:
            return None

    found = []
    for record in records:
        if record.get("withdrawn"):
            continue
        for affected in record.get("affected", []):
            package = affected.get("package", {})
            name = normal(package.get("name", ""))
            if package.get("ecosystem", "").partition(":")[0] != "PyPI" or name not in packages:
                continue
            holds, fixed = _holds(affected, packages[name], version)
            if holds:
                found.append(
                    {
                        "fixed": fixed,
                        "id": record["id"],
                        "package": name,
                        "severity": _severity(record, affected),
                        "summary": record.get("summary") or (record.get("details") or "").strip().partition("\n")[0],
                        "version": packages[name],
                    }
                )
    return sorted(found, key=lambda entry: (entry["package"], entry["id"]))


def _holds(affected: dict, text: str, version) -> tuple[bool, str]:  # noqa: ANN001
    """Whether a version is affected, and the version that mends it ("" = none yet)."""
    holds = text in affected.get("versions", [])
    fixed = ""
    mine = version(text)
    for span in affected.get("ranges", []):
        if span.get("type") != "ECOSYSTEM" or mine is None:
            continue
        inside = False
        events = [(version(value), kind, value) for event in span.get("events", []) for kind, value in event.items()]
        # The schema promises no order; "introduced" goes last of equals, so that it wins over an earlier fix.
        events = sorted((e for e in events if e[0] is not None), key=lambda e: (e[0], e[1] == "introduced"))
        for point, kind, value in events:
            if kind == "introduced" and mine >= point:
                inside = True
            elif kind == "fixed":
                if mine >= point:
                    inside = False
                elif inside and not fixed:
                    fixed = value
            elif kind == "last_affected" and mine > point:
                inside = False
        holds = holds or inside
    return holds, fixed


def _severity(record: dict, affected: dict) -> str:
    for holder in (record, affected):
        specific = holder.get("database_specific") or {}
        if isinstance(specific.get("severity"), str):
            return specific["severity"].upper()
    for score in record.get("severity", []):
        if isinstance(score.get("score"), str):
            return score["score"]
    return "UNKNOWN"
