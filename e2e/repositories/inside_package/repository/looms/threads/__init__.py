from .core import Thread
from .dyes import DYES, dye

__all__ = ["DYES", "Thread", "dye"]
