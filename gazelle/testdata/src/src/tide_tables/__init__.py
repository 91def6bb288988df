from .harmonics import height

__all__ = ["height"]
