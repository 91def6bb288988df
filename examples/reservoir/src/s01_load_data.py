"""Step 1: read well logs.

A well log is a table of measurements along a borehole. We take them as CSV: comment lines with the well's header
(``# well: A-1``), a line of column names, a line of units, then one row per depth. ``-999.25`` is the null value that
logging companies have written since the LAS format of 1989.
"""

from __future__ import annotations

import csv
import http.client
import io
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List
from urllib.parse import urlsplit

NULL = -999.25
MAX_BYTES = 16 * 1024 * 1024


class LogFormatError(ValueError):
    """The file is not a well log; the message names the line."""


@dataclass(frozen=True)
class WellLog:
    """Curves of one well, all as long as ``depth``. Missing values are NaN."""

    well: str
    depth: List[float]
    curves: Dict[str, List[float]]
    units: Dict[str, str] = field(default_factory=dict)
    header: Dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.depth)


def load_well_log(path) -> WellLog:
    """Read a log from a file."""
    path = Path(path)
    if path.stat().st_size > MAX_BYTES:
        raise LogFormatError(f"{path.name}: larger than {MAX_BYTES} bytes")
    return parse_well_log(path.read_text(encoding="utf-8-sig"), name=path.stem)


def load_from_folder(folder, name: str) -> WellLog:
    """Read the log of the well ``name`` from a folder, and from nowhere else.

    Names come from users: one that leads out of the folder (``../../etc/passwd``, an absolute path, a symbolic link
    to elsewhere) is refused.
    """
    folder = Path(folder).resolve()
    path = (folder / f"{name}.csv").resolve()
    if folder not in path.parents:
        raise PermissionError(f"{name!r} is not inside {folder.name}")
    return load_well_log(path)


def fetch_well_log(url: str, timeout: float = 10.0) -> WellLog:
    """Read a log from a web server (http or https, no redirects)."""
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise ValueError(f"{url!r}: only http and https addresses")
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "text/csv"})
        response = connection.getresponse()
        if response.status != 200:
            raise ConnectionError(f"{url}: {response.status} {response.reason}")
        body = response.read(MAX_BYTES + 1)
    finally:
        connection.close()
    if len(body) > MAX_BYTES:
        raise LogFormatError(f"{url}: larger than {MAX_BYTES} bytes")
    return parse_well_log(body.decode("utf-8"), name=Path(parts.path).stem)


def parse_well_log(text: str, name: str = "unnamed") -> WellLog:
    """Turn the text of a log into a WellLog; the first column is the depth."""
    header, rows = _split_header(text)
    if len(rows) < 2:
        raise LogFormatError(f"{name}: no line of column names and no line of units")
    (_, columns), (units_line, units) = rows[0], rows[1]
    columns = [c.strip().upper() for c in columns]
    if len(set(columns)) != len(columns):
        raise LogFormatError(f"{name}: a column name stands twice in {columns}")
    if len(units) != len(columns):
        raise LogFormatError(f"{name}:{units_line}: {len(units)} units for {len(columns)} columns")

    table: List[List[float]] = []
    for line, row in rows[2:]:
        if len(row) != len(columns):
            raise LogFormatError(f"{name}:{line}: {len(row)} values for {len(columns)} columns")
        table.append([_number(cell, name, line) for cell in row])
    values = {c: [row[i] for row in table] for i, c in enumerate(columns)}
    depth = values.pop(columns[0])
    if any(math.isnan(d) for d in depth):
        raise LogFormatError(f"{name}: a row has no depth")
    return WellLog(
        well=header.get("well", name),
        depth=depth,
        curves=values,
        units={c: u.strip() for c, u in zip(columns, units)},
        header=header,
    )


def _split_header(text: str):
    """Comment lines as a dict, the others as (line number, cells)."""
    header, rows = {}, []
    for number, cells in enumerate(csv.reader(io.StringIO(text)), start=1):
        if not cells or not "".join(cells).strip():
            continue
        if cells[0].lstrip().startswith("#"):
            key, _, value = ",".join(cells).lstrip("# ").partition(":")
            header[key.strip().lower()] = value.strip()
        else:
            rows.append((number, cells))
    return header, rows


def _number(cell: str, name: str, line: int) -> float:
    cell = cell.strip()
    if not cell:
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        raise LogFormatError(f"{name}:{line}: {cell!r} is not a number") from None
    return math.nan if value == NULL else value
