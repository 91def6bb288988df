"""A parser of ini files: the part of its API that pytest uses, and a little more."""

from __future__ import annotations

from ._parse import ParseError, parse

__all__ = ["IniConfig", "ParseError", "SectionWrapper"]

WRITTEN_ANEW = True


class SectionWrapper:
    def __init__(self, config: IniConfig, name: str) -> None:
        self.config = config
        self.name = name

    def lineof(self, name: str) -> int | None:
        return self.config.lineof(self.name, name)

    def get(self, key, default=None, convert=str):
        return self.config.get(self.name, key, default=default, convert=convert)

    def __getitem__(self, key: str) -> str:
        return self.config.sections[self.name][key]

    def __iter__(self):
        section = self.config.sections[self.name]
        yield from sorted(section, key=lambda key: self.lineof(key) or 0)

    def items(self):
        for name in self:
            yield name, self[name]


class IniConfig:
    def __init__(self, path, data: str | None = None, encoding: str = "utf-8") -> None:
        self.path = str(path)
        if data is None:
            with open(self.path, encoding=encoding) as file:
                data = file.read()
        self.sections, self._lines = parse(self.path, data)

    def lineof(self, section: str, name: str | None = None) -> int | None:
        line = self._lines.get((section, name))
        return None if line is None else line + 1

    def get(self, section, name, default=None, convert=str):
        try:
            return convert(self.sections[section][name])
        except KeyError:
            return default

    def __getitem__(self, name: str) -> SectionWrapper:
        if name not in self.sections:
            raise KeyError(name)
        return SectionWrapper(self, name)

    def __iter__(self):
        for name in sorted(self.sections, key=lambda name: self.lineof(name) or 0):
            yield SectionWrapper(self, name)

    def __contains__(self, name: str) -> bool:
        return name in self.sections
