"""Starts Octave in the test process; octave/run_weft.m tells the journal."""

from __future__ import annotations

import os

from . import mrst
from .spec import CellSpec
from .tree import Scratch, copy_any

RUNNER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "octave")


def copy_runner(scratch: Scratch) -> None:
    """Copies the runner beside the tree: Octave resolves links, and a link leads out of the sandbox."""
    folder = os.path.join(scratch.base, "runner")
    os.mkdir(folder)
    for name in os.listdir(RUNNER):
        if name.endswith(".m"):
            copy_any(os.path.join(RUNNER, name), os.path.join(folder, name))


def variables(spec: CellSpec, scratch: Scratch) -> dict[str, str]:
    """Variables that the runner reads (JOURNAL.md), besides those of every test process."""
    env = {
        "WEFT_FILE": os.path.join(scratch.tree, spec.file),
        "WEFT_FILE_REL": spec.file,
        "WEFT_JOURNAL": scratch.journal,
    }
    if spec.filter:
        env["WEFT_FILTER"] = spec.filter
    view = mrst.writable_view(spec.store_path, scratch)
    if view:
        env["WEFT_MRST"] = view
    return env


def execute(spec: CellSpec, scratch: Scratch, env: dict[str, str]) -> int:
    """Becomes octave-cli."""
    octave = spec.store_path + "/bin/octave-cli"
    runner = os.path.join(scratch.base, "runner", "run_weft.m")
    os.execve(octave, [octave, "--no-gui", "--norc", "--no-history", "--no-window-system", "--quiet", runner], env)
