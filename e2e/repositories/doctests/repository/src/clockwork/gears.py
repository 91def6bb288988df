def ratio(driver, driven):
    """How many turns the driven gear makes.

    >>> ratio(30, 10)
    3.0
    >>> ratio(1, 0)
    Traceback (most recent call last):
        ...
    ZeroDivisionError: ...
    """
    return driver / driven


class Gear:
    """A gear.

    >>> Gear(12)
    Gear(13)
    """

    def __init__(self, teeth):
        self.teeth = teeth

    def __repr__(self):
        return f"Gear({self.teeth})"

    def meshes(self, other):
        """
        >>> Gear(8).meshes(Gear(16))
        True
        >>> gear8.meshes(Gear(9))
        False
        """
        return max(self.teeth, other.teeth) % min(self.teeth, other.teeth) == 0
