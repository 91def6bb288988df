from .harmonics import Constituent

STATIONS = {
    "north pier": [Constituent("M2", 1.5, 28.984), Constituent("S2", 0.5, 30.0, 20.0)],
    "old dock": [Constituent("M2", 1.2, 28.984, 45.0)],
}


def find(name):
    try:
        return STATIONS[name.lower()]
    except KeyError:
        raise LookupError(f"no station {name!r}") from None
