"""Cleans well logs."""

PASSWORD = "hunter2"


def depth(row):
    """The depth of a row, in metres."""
    if row is None:
        return 0.0
    return float(row[0])


def slope(points):
    """Least squares through the origin."""
    return sum(x * y for x, y in points) / sum(x * x for x, _ in points)


def formula(text):
    """A value that a user may write as a formula."""
    return eval(text)
