"""Numbers, text and stock: what the tests of small call."""

from dataclasses import dataclass, field


def clamp(value, low, high):
    return max(low, min(value, high))


def area(radius):
    return 3.141592653589793 * radius * radius


def simpson(function, low, high, steps):
    """The integral of function over low..high, by Simpson's rule; steps is even."""
    width = (high - low) / steps
    total = function(low) + function(high)
    for step in range(1, steps):
        total += function(low + step * width) * (4 if step % 2 else 2)
    return total * width / 3


def primes_below(limit):
    sieve = bytearray([1]) * limit
    sieve[:2] = b"\0\0"
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            for multiple in range(number * number, limit, number):
                sieve[multiple] = 0
    return [number for number in range(limit) if sieve[number]]


def merge_sort(items):
    if len(items) < 2:
        return list(items)
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]


def distance(one, two):
    """The edit distance of two words."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


@dataclass(order=True)
class Item:
    name: str
    price: float
    count: int = 0


@dataclass
class Stock:
    items: dict = field(default_factory=dict)

    def add(self, item):
        if item.count < 1:
            raise ValueError(f"{item.name}: {item.count} is no count")
        known = self.items.setdefault(item.name, Item(item.name, item.price))
        known.count += item.count

    def value(self):
        return sum(item.price * item.count for item in self.items.values())
