from typing import NamedTuple

import yaml


class Seed(NamedTuple):
    name: str
    germination: float


class Catalogue:
    def __init__(self, seeds=()):
        self.seeds = {seed.name: seed for seed in seeds}

    @classmethod
    def load(cls, stream):
        rows = yaml.safe_load(stream) or []
        return cls(Seed(row["name"], float(row["germination"])) for row in rows)

    def viable(self, threshold=0.5):
        return sorted(name for name, seed in self.seeds.items() if seed.germination >= threshold)
