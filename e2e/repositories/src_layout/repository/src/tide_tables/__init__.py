"""Heights of the tide, from harmonic constants."""

from .__about__ import __version__
from .harmonics import Constituent, height

__all__ = ["Constituent", "__version__", "height"]
