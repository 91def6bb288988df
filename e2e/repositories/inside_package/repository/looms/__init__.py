"""A weaver's model, in which everything imports everything."""

from .draft import Draft
from .threads import *  # noqa: F403
from .threads import __all__ as _threads

__all__ = ["Draft", *_threads]
