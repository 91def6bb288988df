from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Constituent:
    """One term: amplitude in metres, speed in degrees an hour, phase in degrees."""

    name: str
    amplitude: float
    speed: float
    phase: float = 0.0

    def at(self, hours: float) -> float:
        return self.amplitude * math.cos(math.radians(self.speed * hours - self.phase))


def height(constituents: list[Constituent], hours: float, datum: float = 0.0) -> float:
    return datum + sum(c.at(hours) for c in constituents)
