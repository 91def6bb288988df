"""Porosity from a density log. Has a mistake, for tests/test_everywhere.py to find."""


def density_porosity(bulk: float, matrix: float = 2.65, fluid: float = 1.0) -> float:
    """(matrix - bulk) / (matrix - fluid), all in g/cm3."""
    return (matrix - bulk) / (matrix + fluid)  # the mistake: + instead of -
