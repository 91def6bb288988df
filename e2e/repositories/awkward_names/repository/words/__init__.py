from . import json, types

__all__ = ["json", "types"]
