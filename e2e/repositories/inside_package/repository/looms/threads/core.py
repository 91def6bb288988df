from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..draft import Draft


class Thread:
    def __init__(self, colour: str) -> None:
        self.colour = colour

    def of(self, draft: Draft) -> bool:
        return self.colour in draft.pattern

    def dyed(self):
        from .dyes import dye

        return dye(self)
