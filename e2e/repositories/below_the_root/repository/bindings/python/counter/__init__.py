"""Counts."""

try:
    from ._native import count
except ImportError:
    from .fallback import count

__version__ = "1.5.2"
__all__ = ["count"]
