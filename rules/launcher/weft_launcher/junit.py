"""The one writer of JUnit XML, and the reader of what it wrote."""

from __future__ import annotations

import json
import re

from .journal import Case

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
FOOT = "</testsuites>\n"

# Characters that XML 1.0 cannot hold, not even escaped; lone surrogates among them.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TYPE = re.compile(r"[A-Za-z_][\w.]*")

_BAD = ("failed", "error")


def clean(text: str) -> str:
    """Text that XML can hold: an illegal character is written as in a Python string, \\x1b."""
    return _ILLEGAL.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def escape(text: str) -> str:
    """Element content."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def attribute(text: str) -> str:
    """An attribute's value, to stand between double quotes."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def names(id: str) -> tuple[str, str]:
    """JUnit's classname and name of a test id: tests/test_a.py::TestX::test_y[1] → tests.test_a.TestX, test_y[1]."""
    path, colons, rest = id.partition("::")
    module = re.sub(r"\.(py|m)$", "", path).replace("/", ".")
    if not colons:
        return module, path
    # Parameters may hold colons too.
    head, bracket, parameters = rest.partition("[")
    classes, colons, name = head.rpartition("::")
    return ".".join([module, *filter(None, classes.split("::"))]), name + bracket + parameters


def document(suites: list[str]) -> str:
    """A whole file of suites."""
    return HEAD + "".join(suites) + FOOT


def suites_of(text: str) -> str:
    """The suites of a document; ValueError when this module did not write it."""
    if not (text.startswith(HEAD) and text.endswith(FOOT)):
        raise ValueError("not a cell's XML")
    return text[len(HEAD) : -len(FOOT)]


def testsuite(cell: dict, cases: list[Case], log: str, first: dict | None = None) -> str:
    """One cell: its cell.json as a property, its cases, and its log when it did not pass or was run again."""
    failures = sum(case.outcome == "failed" for case in cases)
    errors = sum(case.outcome == "error" for case in cases)
    skipped = sum(case.outcome in ("skipped", "xfailed") for case in cases)
    out = [
        f'<testsuite name="{attribute(cell["file"])}" tests="{len(cases)}" failures="{failures}" errors="{errors}" '
        f'skipped="{skipped}" time="{cell["durationSeconds"]:.3f}" timestamp="{cell["start"]}" '
        f'package="{attribute(cell["type"] + "@" + cell["environment"]["name"])}">\n<properties>\n',
        _property("weft.cell", compact(cell)),
    ]
    if first is not None:
        out.append(_property("weft.cell.first", compact(first)))
    out.append("</properties>\n")
    out.extend(_testcase(cell, case) for case in cases)
    if log:
        out.append(f"<system-out>{escape(log)}</system-out>\n")
    out.append("</testsuite>\n")
    return "".join(out)


def compact(cell: dict) -> str:
    """cell.json on one line, escaped as JSON does it where XML cannot hold a character."""
    text = json.dumps(cell, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _property(name: str, value: str) -> str:
    return f'<property name="{attribute(name)}" value="{attribute(value)}"/>\n'


def _testcase(cell: dict, case: Case) -> str:
    classname, name = names(case.id)
    line = f' line="{case.line}"' if case.line else ""
    file = case.file or case.id.partition("::")[0] or cell["file"]
    out = [
        f'<testcase classname="{attribute(classname)}" name="{attribute(name)}" file="{attribute(file)}"{line} '
        f'time="{case.duration:.3f}">'
    ]
    properties = _properties(case)
    if properties:
        out.append("<properties>" + "".join(_property(*pair) for pair in properties).replace("\n", "") + "</properties>")
    if case.outcome == "skipped":
        out.append(f'<skipped message="{attribute(case.message)}"/>')
    elif case.outcome == "xfailed":
        out.append(f'<skipped type="pytest.xfail" message="{attribute(case.message)}"/>')
    elif case.outcome in _BAD:
        element = "failure" if case.outcome == "failed" else "error"
        out.append(_problem(element, case.message, case.type, case.text))
    out.extend(_problem(element, message, "", text) for element, message, text in case.reruns)
    for element, text in (("system-out", case.stdout), ("system-err", case.stderr)):
        if text and case.outcome in _BAD:
            out.append(f"<{element}>{escape(text)}</{element}>")
    out.append("</testcase>\n")
    return "".join(out)


def _properties(case: Case) -> list[tuple[str, str]]:
    """The test's own, none of which can pass for one of Weft's, and Weft's: what JUnit has no element for."""
    found = [("test." + name if name.startswith("weft.") else name, value) for name, value in case.properties]
    if case.synthetic:
        found.append(("weft.synthetic", "true"))
    if case.outcome == "xpassed":
        found.append(("weft.outcome", case.outcome))
    return found


def _problem(element: str, message: str, kind: str, text: str) -> str:
    if not kind:
        found = _TYPE.match(message)
        kind = found[0] if found and message[found.end() : found.end() + 1] in (":", "") else element
    return f'<{element} message="{attribute(message)}" type="{attribute(kind)}">{escape(text)}</{element}>'


def add_first_attempt(cases: list[Case], first_xml: str) -> None:
    """Marks what failed in the first attempt: flaky when it passed now, a rerun when it failed again."""
    bad = _failures(first_xml)
    for case in cases:
        for element, message, text in bad.pop(names(case.id), []):
            kind = "Failure" if element == "failure" else "Error"
            case.reruns.append((("rerun" if case.outcome in _BAD else "flaky") + kind, message, text))
    # What the second attempt did not even reach or produce: said on its first case, never lost.
    if bad and cases:
        for (classname, name), problems in bad.items():
            for element, message, text in problems:
                kind = "Failure" if element == "failure" else "Error"
                said = f"{classname} {name}: {message}"
                cases[0].reruns.append((("rerun" if cases[0].outcome in _BAD else "flaky") + kind, said, text))


def _failures(xml: str) -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    from xml.etree import ElementTree

    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for case in ElementTree.fromstring(xml.encode("utf-8")).iter("testcase"):
        for element in case:
            if element.tag in ("failure", "error"):
                key = (case.get("classname", ""), case.get("name", ""))
                found.setdefault(key, []).append((element.tag, element.get("message", ""), element.text or ""))
    return found
