"""Step 2: clean well logs.

Raw logs have rows out of order (the tool is pulled up), rows logged twice where two runs overlap, spikes where the
tool hit the wall, and values that no rock has. Each function returns a new log and changes nothing.
"""

from __future__ import annotations

import math
from statistics import median
from typing import Dict, List, Mapping, Tuple

from s01_load_data import WellLog

# What a sedimentary rock can show: (low, high), in the units that our logs use.
PHYSICAL_RANGES: Dict[str, Tuple[float, float]] = {
    "GR": (0.0, 400.0),  # gamma ray, API units
    "RHOB": (1.0, 3.2),  # bulk density, g/cm3
    "PHI": (0.0, 0.6),  # porosity, fraction
    "RT": (0.01, 20000.0),  # deep resistivity, ohm m
    "PERM": (0.0, 50000.0),  # permeability, mD
}


def sort_by_depth(log: WellLog) -> WellLog:
    """Rows by depth; of rows at the same depth, each curve's values are averaged."""
    groups: Dict[float, List[int]] = {}
    for i, depth in enumerate(log.depth):
        groups.setdefault(depth, []).append(i)
    depths = sorted(groups)
    curves = {
        name: [_mean([values[i] for i in groups[d]]) for d in depths]
        for name, values in log.curves.items()
    }
    return _replace(log, depths, curves)


def mask_unphysical(log: WellLog, ranges: Mapping[str, Tuple[float, float]] = PHYSICAL_RANGES) -> WellLog:
    """Values outside a curve's range become NaN. Curves without a range stay as they are."""
    curves = {}
    for name, values in log.curves.items():
        low, high = ranges.get(name, (-math.inf, math.inf))
        curves[name] = [v if low <= v <= high else math.nan for v in values]
    return _replace(log, log.depth, curves)


def remove_spikes(values: List[float], half_width: int = 3, threshold: float = 4.0) -> List[float]:
    """The Hampel filter: what lies more than ``threshold`` robust standard deviations from the median of its window
    becomes that median. NaN stays NaN and counts for nothing.

    1.4826 makes the median absolute deviation a standard deviation for normally distributed noise.
    """
    if half_width < 1:
        raise ValueError(f"half_width must be at least 1, not {half_width}")
    cleaned = list(values)
    for i, value in enumerate(values):
        window = [v for v in values[max(0, i - half_width) : i + half_width + 1] if not math.isnan(v)]
        if math.isnan(value) or len(window) < 3:
            continue
        middle = median(window)
        spread = 1.4826 * median(abs(v - middle) for v in window)
        if abs(value - middle) > threshold * spread and spread > 0:
            cleaned[i] = middle
    return cleaned


def drop_empty_rows(log: WellLog) -> WellLog:
    """Rows in which every curve is NaN are left out."""
    keep = [i for i in range(len(log)) if any(not math.isnan(v[i]) for v in log.curves.values())]
    return _replace(
        log,
        [log.depth[i] for i in keep],
        {name: [values[i] for i in keep] for name, values in log.curves.items()},
    )


def clean(log: WellLog) -> WellLog:
    """All of it, in the order that the steps need."""
    log = mask_unphysical(sort_by_depth(log))
    log = _replace(log, log.depth, {name: remove_spikes(values) for name, values in log.curves.items()})
    return drop_empty_rows(log)


def _mean(values: List[float]) -> float:
    values = [v for v in values if not math.isnan(v)]
    return math.fsum(values) / len(values) if values else math.nan


def _replace(log: WellLog, depth: List[float], curves: Dict[str, List[float]]) -> WellLog:
    return WellLog(log.well, list(depth), curves, dict(log.units), dict(log.header))
