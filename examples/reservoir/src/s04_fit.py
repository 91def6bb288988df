"""Step 4: fit rock models to logs.

Porosity to permeability (log-linear), porosity to depth (Athy's compaction law) and water saturation (Archie). Least
squares are written out: with two unknowns they are a few sums, and the project runs where there is no NumPy.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import median
from typing import List, Sequence, Tuple


@dataclass(frozen=True)
class LineFit:
    """y = intercept + slope x, with the coefficient of determination."""

    intercept: float
    slope: float
    r2: float

    def __call__(self, x: float) -> float:
        return self.intercept + self.slope * x


def fit_line(x: Sequence[float], y: Sequence[float]) -> LineFit:
    """Ordinary least squares over the pairs without NaN. Centred sums, which lose no digits at large depths."""
    pairs = _pairs(x, y)
    n = len(pairs)
    mx = math.fsum(a for a, _ in pairs) / n
    my = math.fsum(b for _, b in pairs) / n
    sxx = math.fsum((a - mx) ** 2 for a, _ in pairs)
    sxy = math.fsum((a - mx) * (b - my) for a, b in pairs)
    syy = math.fsum((b - my) ** 2 for _, b in pairs)
    if sxx == 0:
        raise ValueError("all x are equal: no line")
    slope = sxy / sxx
    r2 = 1.0 if syy == 0 else sxy * sxy / (sxx * syy)
    return LineFit(my - slope * mx, slope, r2)


def fit_line_robust(x: Sequence[float], y: Sequence[float]) -> LineFit:
    """Theil and Sen's line: the median of all slopes. Stands up to 29 % of outliers."""
    pairs = _pairs(x, y)
    slopes = [
        (b2 - b1) / (a2 - a1)
        for i, (a1, b1) in enumerate(pairs)
        for a2, b2 in pairs[i + 1 :]
        if a1 != a2
    ]
    if not slopes:
        raise ValueError("all x are equal: no line")
    slope = median(slopes)
    intercept = median(b - slope * a for a, b in pairs)
    return LineFit(intercept, slope, fit_line(x, y).r2)


def fit_permeability(porosity: Sequence[float], permeability: Sequence[float]) -> LineFit:
    """log10 k = a + b phi, over the samples with k > 0."""
    x = [p for p, k in zip(porosity, permeability) if k > 0]
    y = [math.log10(k) for k in permeability if k > 0]
    return fit_line(x, y)


def fit_compaction(depth: Sequence[float], porosity: Sequence[float]) -> Tuple[float, float]:
    """Athy's law phi = phi0 exp(-c z): (phi0, c), by a line through ln phi."""
    z = [d for d, p in zip(depth, porosity) if p > 0]
    line = fit_line(z, [math.log(p) for p in porosity if p > 0])
    return math.exp(line.intercept), -line.slope


def archie_saturation(
    porosity: float, resistivity: float, water_resistivity: float, a: float = 1.0, m: float = 2.0, n: float = 2.0
) -> float:
    """Water saturation of a clean sand (Archie 1942): ((a Rw) / (phi^m Rt))^(1/n), at most 1."""
    if math.isnan(porosity) or math.isnan(resistivity):
        return math.nan
    if porosity <= 0 or resistivity <= 0 or water_resistivity <= 0:
        raise ValueError("porosity and resistivities must be positive")
    return min(1.0, (a * water_resistivity / (porosity**m * resistivity)) ** (1 / n))


def bootstrap_slope(
    x: Sequence[float], y: Sequence[float], draws: int = 200, level: float = 0.9, seed: int = 1
) -> Tuple[float, float]:
    """Confidence interval of the slope: the line is fitted again to samples drawn with replacement."""
    pairs = _pairs(x, y)
    # Not for secrets: a simulation, which must come out the same each time.
    generator = random.Random(seed)  # nosec B311
    slopes: List[float] = []
    while len(slopes) < draws:
        sample = generator.choices(pairs, k=len(pairs))
        if len({a for a, _ in sample}) > 1:
            slopes.append(fit_line([a for a, _ in sample], [b for _, b in sample]).slope)
    slopes.sort()
    tail = int((1 - level) / 2 * draws)
    low, high = slopes[tail], slopes[-1 - tail]
    assert low <= high, "slopes are sorted"
    return low, high


def _pairs(x: Sequence[float], y: Sequence[float]) -> List[Tuple[float, float]]:
    if len(x) != len(y):
        raise ValueError(f"{len(x)} x and {len(y)} y")
    pairs = [(a, b) for a, b in zip(x, y) if not (math.isnan(a) or math.isnan(b))]
    if len(pairs) < 2:
        raise ValueError("a line needs two points")
    return pairs
