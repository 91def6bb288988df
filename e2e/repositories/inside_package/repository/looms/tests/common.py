from . import PATTERN
from ..draft import Draft


def draft():
    return Draft(PATTERN)
