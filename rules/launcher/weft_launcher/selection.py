"""Which of the tests that pytest collected are the cell's: those of its type that the project's own options leave.

A marker of one of the names in MARKED is a test's type; without one it is of type unit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from .spec import CellSpec

MARKED = ("integration", "performance", "security", "compatibility")
UNIT = " and ".join(f"not {name}" for name in MARKED)


def types_of(marks: Iterable[str]) -> set[str]:
    """The types of a test with these markers."""
    return set(marks).intersection(MARKED) or {"unit"}


def both(one: str, other: str) -> str:
    """An expression of -m or -k that holds where both hold; an empty one always holds."""
    return f"({one}) and ({other})" if one and other else one or other


class Selection:
    """The cell's choice among its file's tests. It is made in the end, after conftest files have added their markers."""

    def __init__(self, spec: CellSpec) -> None:
        self._spec = spec
        self._project = ""
        self._lifted = False
        # Markers of tests that pytest, a plugin or this selection has left out.
        self._away: list[frozenset[str]] = []

    def expression(self, project: str) -> str:
        """What pytest's own -m shall be, given the project's.

        Tests of type unit are what a plain run has, less those of other types: nothing is added. For other types it is as
        if they were asked for by name; a project that leaves them out by default (`addopts = -m "not integration"`) does so
        for plain runs, and its words about the type itself do not count.
        """
        self._project = project
        if self._spec.type == "unit":
            return project
        self._lifted = re.search(rf"\b{self._spec.type}\b", project) is not None
        return self._spec.type if self._lifted else both(project, self._spec.type)

    def wants(self, marks: frozenset[str]) -> bool:
        """Whether a test is of the cell's type, and one that the project's -m leaves."""
        if self._spec.type not in types_of(marks):
            return False
        return not self._lifted or self._by_project(marks)

    def _by_project(self, marks: frozenset[str]) -> bool:
        """What the project's own -m says, when it does not leave out the cell's very type."""
        if not self._project:
            return True
        try:
            from _pytest.mark.expression import Expression

            expression = Expression.compile(self._project)
            return any(
                bool(expression.evaluate(lambda name, **_: name in names))  # noqa: B023 - called at once
                for names in (marks, marks - {self._spec.type})
            )
        except Exception:  # noqa: BLE001 - no public interface: the expression is left to pytest then
            return True

    def leave_out(self, marks: Iterable[str]) -> None:
        """Remembers a test that was deselected."""
        self._away.append(frozenset(marks))

    @property
    def of_other_types(self) -> int:
        """How many of the tests left out are of other types than the cell's."""
        return sum(self._spec.type not in types_of(marks) for marks in self._away)

    @property
    def excluded(self) -> int:
        """How many tests of the cell's type the project's own options leave out."""
        return len(self._away) - self.of_other_types

    def undeclared(self) -> list[str]:
        """One note for each type that has tests here which no cell of the file runs."""
        types = self._spec.types
        found: Counter[str] = Counter()
        for marks in self._away:
            own = types_of(marks)
            if types and not own.intersection(types) and self._by_project(marks):
                found[sorted(own)[0]] += 1
        return [
            f"{_tests(count)} of type {type}, which no cell of {self._spec.file} runs: add it to its types"
            for type, count in sorted(found.items())
        ]


def _tests(count: int) -> str:
    return "1 test is" if count == 1 else f"{count} tests are"
