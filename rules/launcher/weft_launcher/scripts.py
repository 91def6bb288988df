"""The commands of the project's own distributions, as an installer would have put them on PATH."""

from __future__ import annotations

import configparser
import os

from .spec import CellSpec
from .tree import Scratch

_ENDING = ".dist-info/entry_points.txt"

# What an installer writes: the name of the command is what the program finds in sys.argv[0].
_SCRIPT = """\
#!{python}
import sys
from {module} import {first}

if __name__ == "__main__":
    sys.exit({attribute}())
"""


def install(spec: CellSpec, scratch: Scratch) -> str | None:
    """Writes a program for each script entry point below the private tree's dist-infos.

    Returns their folder; None, and nothing is done, when there is no such entry point.
    """
    points = [target for _, target in spec.manifest.files if target.endswith(_ENDING)]
    commands = [command for target in points for command in _commands(os.path.join(scratch.tree, target))]
    if not commands:
        return None
    folder = os.path.join(scratch.base, "bin")
    os.mkdir(folder)
    for name, module, attribute in commands:
        path = os.path.join(folder, name)
        text = _SCRIPT.format(
            attribute=attribute, first=attribute.partition(".")[0], module=module, python=spec.store_path + "/bin/python3"
        )
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
    return folder


def _commands(path: str) -> list[tuple[str, str, str]]:
    """(name, module, attribute) of each script."""
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names keep their case
    parser.read(path, encoding="utf-8")
    found = []
    for section in ("console_scripts", "gui_scripts"):
        for name, target in parser.items(section) if parser.has_section(section) else ():
            module, _, attribute = target.partition("[")[0].partition(":")
            if attribute and os.path.basename(name) == name:
                found.append((name, module.strip(), attribute.strip()))
    return found
