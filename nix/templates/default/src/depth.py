"""Depths of a well, in metres."""


def feet_to_metres(feet):
    """Return a depth given in international feet in metres."""
    return feet * 0.3048
