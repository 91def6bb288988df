"""Rock types from a gamma ray log. The match statement is a syntax error before Python 3.10."""


def facies(gamma: float) -> str:
    """Sand, silt or shale, by gamma ray in API units."""
    match gamma:
        case g if g < 60:
            return "sand"
        case g if g < 90:
            return "silt"
        case _:
            return "shale"
