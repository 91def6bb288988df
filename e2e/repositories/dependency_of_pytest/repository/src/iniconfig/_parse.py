from __future__ import annotations


class ParseError(Exception):
    def __init__(self, path: str, lineno: int, msg: str) -> None:
        super().__init__(path, lineno, msg)
        self.path, self.lineno, self.msg = path, lineno, msg

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno + 1}: {self.msg}"


def parse(path, data):
    sections, lines = {}, {}
    section = name = None
    for number, raw in enumerate(data.splitlines()):
        line = raw.split("#", 1)[0].split(";", 1)[0].rstrip() if raw.lstrip()[:1] in "#;" else raw.rstrip()
        if not line.strip():
            continue
        if line[0].isspace():
            if name is None:
                raise ParseError(path, number, "unexpected value continuation")
            old = sections[section][name]
            sections[section][name] = f"{old}\n{line.strip()}" if old else line.strip()
        elif line.startswith("[") and line.endswith("]"):
            section, name = line[1:-1], None
            if section in sections:
                raise ParseError(path, number, f"duplicate section {section!r}")
            sections[section], lines[section, None] = {}, number
        else:
            if section is None:
                raise ParseError(path, number, "no section header defined")
            key, sign, value = line.partition("=" if "=" in line else ":")
            name = key.strip()
            if not sign:
                raise ParseError(path, number, f"unexpected line: {line!r}")
            if name in sections[section]:
                raise ParseError(path, number, f"duplicate name {name!r}")
            sections[section][name], lines[section, name] = value.strip(), number
    return sections, lines
