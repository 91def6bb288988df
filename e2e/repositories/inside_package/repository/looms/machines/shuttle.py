from ..draft import Draft
from ..threads.dyes import dye


class Shuttle:
    def __init__(self, draft):
        assert isinstance(draft, Draft)
        self.draft = draft

    def run(self):
        return [dye(t) for t in self.draft.warp()]
