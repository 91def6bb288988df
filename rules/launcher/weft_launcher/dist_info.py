"""Writes dist-infos of the project's own distributions into the private tree, as an editable install would leave them."""

from __future__ import annotations

import os

from .spec import CellSpec
from .tree import Scratch

_SCRIPT = """\
#!{python}
import sys

from {module} import {name}

if __name__ == "__main__":
    sys.exit({function}())
"""


def write(spec: CellSpec, scratch: Scratch) -> str | None:
    """Writes all of the manifest's; returns the folder of their console scripts, if they have any."""
    folder = None
    for info in spec.manifest.dist_infos:
        target = os.path.join(scratch.tree, info["folder"])
        os.makedirs(target, exist_ok=True)
        for name, text in info["files"].items():
            _write(os.path.join(target, name), text)
        for name, function in info["scripts"].items():
            folder = os.path.join(scratch.base, "bin")
            os.makedirs(folder, exist_ok=True)
            script = os.path.join(folder, name)
            if not os.path.exists(script):
                _write(script, _script(spec, function))
                os.chmod(script, 0o755)
    return folder


def _script(spec: CellSpec, target: str) -> str:
    module, _, function = (part.strip() for part in target.partition(":"))
    return _SCRIPT.format(python=spec.store_path + "/bin/python3", module=module, name=function.partition(".")[0], function=function)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
