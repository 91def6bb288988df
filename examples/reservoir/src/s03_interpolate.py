"""Step 3: bring logs onto a common depth grid.

Two interpolants: linear, and the monotone cubic of Fritsch and Butland (SIAM J. Sci. Stat. Comput. 5, 1984), which is
smooth and, unlike a spline, never overshoots: a porosity between two measured ones stays between them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Callable, Dict, List, Sequence

from s01_load_data import WellLog


def regular_grid(top: float, bottom: float, step: float) -> List[float]:
    """Depths from ``top`` to at most ``bottom``. Multiples of the step, not a running sum, so that errors do not add up."""
    if step <= 0 or bottom < top:
        raise ValueError(f"no grid from {top} to {bottom} in steps of {step}")
    count = int(math.floor((bottom - top) / step * (1 + 1e-12))) + 1
    return [top + i * step for i in range(count)]


def linear(x: Sequence[float], y: Sequence[float]) -> Callable[[float], float]:
    """Piecewise linear through the points; NaN outside them."""
    x, y = _points(x, y)

    def at(xi: float) -> float:
        i = _interval(x, xi)
        if i < 0:
            return math.nan
        t = (xi - x[i]) / (x[i + 1] - x[i])
        return (1 - t) * y[i] + t * y[i + 1]

    return at


def monotone_cubic(x: Sequence[float], y: Sequence[float]) -> Callable[[float], float]:
    """Piecewise cubic through the points, monotone wherever they are; NaN outside them."""
    x, y = _points(x, y)
    n = len(x)
    h = [x[i + 1] - x[i] for i in range(n - 1)]
    slope = [(y[i + 1] - y[i]) / h[i] for i in range(n - 1)]
    d = [slope[0]] + [_harmonic(h[i - 1], h[i], slope[i - 1], slope[i]) for i in range(1, n - 1)] + [slope[-1]]

    def at(xi: float) -> float:
        i = _interval(x, xi)
        if i < 0:
            return math.nan
        t = (xi - x[i]) / h[i]
        # Cubic Hermite basis.
        return (
            (1 + 2 * t) * (1 - t) ** 2 * y[i]
            + t * (1 - t) ** 2 * h[i] * d[i]
            + t * t * (3 - 2 * t) * y[i + 1]
            + t * t * (t - 1) * h[i] * d[i + 1]
        )

    return at


def resample(log: WellLog, depths: Sequence[float], method: str = "linear", max_gap: float = 5.0) -> WellLog:
    """The log on the given depths. Inside a gap of more than ``max_gap`` between measurements it is NaN: nothing was
    seen there, and a straight line would look as if it had been."""
    makers = {"linear": linear, "cubic": monotone_cubic}
    if method not in makers:
        raise ValueError(f"method is {method!r}; it must be one of {', '.join(sorted(makers))}")
    curves: Dict[str, List[float]] = {}
    for name, values in log.curves.items():
        seen = [(d, v) for d, v in zip(log.depth, values) if not math.isnan(v)]
        if len(seen) < 2:
            curves[name] = [math.nan] * len(depths)
            continue
        x, y = [d for d, _ in seen], [v for _, v in seen]
        at = makers[method](x, y)
        curves[name] = [math.nan if _in_gap(x, d, max_gap) else at(d) for d in depths]
    return WellLog(log.well, list(depths), curves, dict(log.units), dict(log.header))


def _points(x: Sequence[float], y: Sequence[float]):
    if len(x) != len(y):
        raise ValueError(f"{len(x)} positions and {len(y)} values")
    if len(x) < 2:
        raise ValueError("interpolation needs two points")
    if any(b <= a for a, b in zip(x, x[1:])):
        raise ValueError("positions must increase")
    return list(x), list(y)


def _interval(x: Sequence[float], xi: float) -> int:
    """The i with x[i] <= xi <= x[i+1], or -1."""
    if not x[0] <= xi <= x[-1]:
        return -1
    return min(bisect_right(x, xi) - 1, len(x) - 2)


def _in_gap(x: Sequence[float], xi: float, max_gap: float) -> bool:
    i = _interval(x, xi)
    return i >= 0 and xi not in (x[i], x[i + 1]) and x[i + 1] - x[i] > max_gap


def _harmonic(h0: float, h1: float, s0: float, s1: float) -> float:
    """Fritsch and Butland's derivative: zero at an extremum, else the weighted harmonic mean of the slopes."""
    if s0 * s1 <= 0:
        return 0.0
    w0, w1 = 2 * h1 + h0, h1 + 2 * h0
    return (w0 + w1) / (w0 / s0 + w1 / s1)
