"""Line coverage: measured with pytest-cov in the test process, told as line ranges, written as LCOV for bazel coverage."""

from __future__ import annotations

import os

from .tree import Scratch

_TEST_FILES = ("test_", "conftest.py")


def data_file(scratch: Scratch) -> str:
    """Where coverage.py keeps its data: not in the tree."""
    return os.path.join(scratch.base, "coverage.data")


def counts(path: str) -> bool:
    """Whether a first-party file is one that coverage is about: no test, no conftest."""
    name = os.path.basename(path)
    return name.endswith(".py") and not name.startswith(_TEST_FILES) and not name.endswith("_test.py")


def measure(scratch: Scratch, sources: list[str]) -> tuple[dict[str, dict[str, str]] | None, str | None]:
    """In the test process, after pytest: coverage of each first-party file, also of those that nothing imported.

    Returns the files, or None and why not.
    """
    from coverage import Coverage
    from coverage.exceptions import CoverageException

    if not os.path.exists(data_file(scratch)):
        return None, "coverage not measured: pytest-cov left no data (is it switched off in the project's options?)"
    cov = Coverage(data_file=data_file(scratch))
    cov.load()
    files = {}
    for path in filter(counts, sources):
        try:
            _, statements, _, missing, _ = cov.analysis2(os.path.join(scratch.tree, path))
        except (CoverageException, SyntaxError):
            # Not Python of this version, or left out by the project's own configuration.
            continue
        gone = set(missing)
        files[path] = {
            "executed": ranges([line for line in statements if line not in gone]),
            "missing": ranges(sorted(gone)),
        }
    return files, None


def ranges(lines: list[int]) -> str:
    """Sorted line numbers in short: 1-4,7."""
    parts: list[str] = []
    first = last = 0
    for line in [*lines, 0]:
        if first and line == last + 1:
            last = line
            continue
        if first:
            parts.append(str(first) if first == last else f"{first}-{last}")
        first = last = line
    return ",".join(parts)


def lines(text: str) -> list[int]:
    """The numbers that ranges made short."""
    found: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def lcov(files_of_cells: list[dict[str, dict[str, str]]]) -> str:
    """All cells' coverage as LCOV: a line counts in as many cells as ran it."""
    hits: dict[str, dict[int, int]] = {}
    for files in files_of_cells:
        for path, found in files.items():
            counts_of_file = hits.setdefault(path, {})
            for line in lines(found["missing"]):
                counts_of_file.setdefault(line, 0)
            for line in lines(found["executed"]):
                counts_of_file[line] = counts_of_file.get(line, 0) + 1
    out: list[str] = []
    for path in sorted(hits):
        counted = hits[path]
        out.append(f"SF:{path}")
        out.extend(f"DA:{line},{counted[line]}" for line in sorted(counted))
        out.append(f"LH:{sum(1 for count in counted.values() if count)}")
        out.append(f"LF:{len(counted)}")
        out.append("end_of_record")
    return "\n".join(out) + "\n" if out else ""
