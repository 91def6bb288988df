import csv
import json
import math
import os
import random
from dataclasses import asdict

import pytest

from pkg.mod_{{module}} import Item, Stock, area, clamp, distance, merge_sort, primes_below, simpson

SEED = {{number}}


@pytest.fixture
def numbers():
    source = random.Random(SEED)
    return [source.uniform(-1000, 1000) for _ in range(8000)]


@pytest.fixture
def items():
    source = random.Random(SEED)
    return [Item(f"item {n % 200}", round(source.uniform(1, 50), 2), 1 + n % 7) for n in range(2500)]


@pytest.mark.parametrize(
    "function, high, expected",
    [(math.sin, math.pi, 2.0), (math.exp, 1.0, math.e - 1), (lambda x: x**3, 2.0, 4.0), (math.sqrt, 4.0, 16 / 3)],
)
def test_simpson(function, high, expected):
    assert simpson(function, 0.0, high, 20_000) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("limit, count", [(1000, 168), (60_000, 6057)])
def test_primes(limit, count):
    assert len(primes_below(limit)) == count


def test_sort(numbers):
    assert merge_sort(numbers) == sorted(numbers)


def test_sort_is_stable(numbers):
    pairs = [(int(n) % 10, i) for i, n in enumerate(numbers[:3000])]
    assert merge_sort(pairs) == sorted(pairs)


@pytest.mark.parametrize("one, two, expected", [("kitten", "sitting", 3), ("", "abc", 3), ("flaw" * 12, "lawn" * 12, 13)])
def test_distance(one, two, expected):
    assert distance(one, two) <= expected


def test_csv(tmp_path, items):
    path = tmp_path / "stock.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["name", "price", "count"])
        writer.writeheader()
        writer.writerows(asdict(item) for item in items)
    with path.open(newline="") as file:
        back = [Item(row["name"], float(row["price"]), int(row["count"])) for row in csv.DictReader(file)]
    assert back == items


def test_json(tmp_path, items):
    path = tmp_path / "stock.json"
    path.write_text(json.dumps([asdict(item) for item in items], indent=1))
    assert [Item(**row) for row in json.loads(path.read_text())] == items


def test_stock(items):
    stock = Stock()
    for item in items:
        stock.add(item)
    assert len(stock.items) == 200
    assert stock.value() > 0
    assert sum(item.count for item in stock.items.values()) == sum(item.count for item in items)


def test_stock_refuses():
    with pytest.raises(ValueError, match="no count"):
        Stock().add(Item("nothing", 1.0))


def test_environment(monkeypatch):
    monkeypatch.setenv("STOCK_LIMIT", str(SEED))
    assert int(os.environ["STOCK_LIMIT"]) == SEED


def test_clamp(numbers):
    assert all(-500 <= clamp(n, -500, 500) <= 500 for n in numbers)


def test_area():
    assert area(SEED) == pytest.approx(math.pi * SEED**2)
