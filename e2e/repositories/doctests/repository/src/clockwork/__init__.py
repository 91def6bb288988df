"""Gears.

>>> from clockwork import ratio
>>> ratio(40, 10)
4.0
"""

from .gears import Gear, ratio

__all__ = ["Gear", "ratio"]
