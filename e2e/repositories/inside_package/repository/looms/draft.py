from . import threads


class Draft:
    def __init__(self, pattern):
        self.pattern = pattern

    def weave(self):
        from .machines.shuttle import Shuttle  # a cycle across folders, broken at run time

        return Shuttle(self).run()

    def warp(self):
        return [threads.Thread(c) for c in self.pattern]
