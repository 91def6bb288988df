"""A module without a doctest."""

TEETH = 12
