"""Step 5: keep results.

One SQLite file for all wells, and CSV for those who want a spreadsheet.
"""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Dict, Iterable, List, Mapping

SCHEMA = """
CREATE TABLE IF NOT EXISTS fit (
    well TEXT NOT NULL,
    model TEXT NOT NULL,
    parameter TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (well, model, parameter)
)
"""

# A spreadsheet takes a cell that begins so for a formula, and would run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class ResultStore:
    """Fitted parameters by well and model. Use it in a ``with`` statement: the transaction ends with it."""

    def __init__(self, path):
        self._connection = sqlite3.connect(str(path))
        with self._connection:
            self._connection.execute(SCHEMA)

    def __enter__(self) -> "ResultStore":
        return self

    def __exit__(self, kind, value, trace) -> None:
        if kind is None:
            self._connection.commit()
        else:
            self._connection.rollback()
        self._connection.close()

    def save(self, well: str, model: str, parameters: Mapping[str, float]) -> None:
        """Write a model's parameters; what was there under the same names is replaced."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO fit (well, model, parameter, value) VALUES (?, ?, ?, ?)",
            [(well, model, name, float(value)) for name, value in parameters.items()],
        )

    def load(self, well: str, model: str) -> Dict[str, float]:
        """A model's parameters by name; KeyError when there are none."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("SELECT parameter, value FROM fit WHERE well = ? AND model = ?", (well, model))
            found = dict(cursor.fetchall())
        if not found:
            raise KeyError(f"no {model} for well {well}")
        return found

    def wells(self) -> List[str]:
        """Names of the wells, sorted."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("SELECT DISTINCT well FROM fit ORDER BY well")
            return [row[0] for row in cursor]


def export_csv(path, rows: Iterable[Mapping[str, object]], columns: List[str]) -> int:
    """Write rows as CSV and return how many. Text that a spreadsheet would run as a formula gets an apostrophe."""
    count = 0
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_safe(row[c]) for c in columns])
            count += 1
    return count


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
