"""Benchmarks: pytest-benchmark's JSON, or raw samples from the journal, as cell.json tells them."""

from __future__ import annotations

import json
import math

SAMPLES = 200


def from_file(path: str) -> list[dict]:
    """pytest-benchmark's results; empty when there are none."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
    except (OSError, ValueError):
        return []
    found = []
    for benchmark in data.get("benchmarks", []):
        stats = benchmark.get("stats", {})
        entry = {"name": benchmark.get("fullname") or benchmark.get("name"), "samples": thin(stats.get("data", []))}
        for key in ("min", "max", "mean", "median", "stddev", "iqr", "rounds", "iterations"):
            entry[key] = stats.get(key)
        found.append(entry)
    return found


def from_samples(event: dict) -> dict:
    """A journal's benchmark event with its statistics."""
    samples = [float(sample) for sample in event.get("samples") or []]
    entry: dict = {
        "iterations": int(event.get("iterations") or 1),
        "name": str(event["name"]),
        "rounds": len(samples),
        "samples": thin(samples),
    }
    if samples:
        ordered = sorted(samples)
        mean = math.fsum(samples) / len(samples)
        spread = math.fsum((sample - mean) ** 2 for sample in samples)
        entry.update(
            iqr=_quantile(ordered, 0.75) - _quantile(ordered, 0.25),
            max=ordered[-1],
            mean=mean,
            median=_quantile(ordered, 0.5),
            min=ordered[0],
            stddev=math.sqrt(spread / (len(samples) - 1)) if len(samples) > 1 else 0.0,
        )
    return entry


def thin(samples: list[float]) -> list[float]:
    """At most SAMPLES of them, evenly taken, in their order."""
    if len(samples) <= SAMPLES:
        return samples
    return [samples[index * len(samples) // SAMPLES] for index in range(SAMPLES)]


def _quantile(ordered: list[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
