"""A writable view of MRST: its startup writes beside itself, and the Nix store is read-only."""

from __future__ import annotations

import os

from .tree import Scratch, copy_any

# Octave resolves links when it looks where a file is, so what finds MRST's root by its own place is copied …
_COPIED = ("startup.m", "core/utils/ROOTDIR.m")
# … and stands in real folders; everything else is a link.
_REAL = ("", "core", "core/utils", "core/examples")
# MRST writes these; a copy of someone else's must not come along.
_WRITTEN = ("core/settings_octave.mat", "core/output", "core/examples/data")
_MADE = ("core/output", "core/examples/data")


def writable_view(store_path: str, scratch: Scratch) -> str | None:
    """Makes the view of the environment's MRST; None when it has none."""
    source = os.path.realpath(store_path + "/share/mrst")
    if not os.path.isdir(source):
        return None
    view = os.path.join(scratch.base, "mrst")
    for folder in _REAL:
        original = os.path.join(source, folder)
        if os.path.isdir(original):
            os.mkdir(os.path.join(view, folder) if folder else view)
            _fill(source, view, folder)
    if os.path.isdir(os.path.join(source, "core")):
        for folder in _MADE:
            os.makedirs(os.path.join(view, folder), exist_ok=True)
    return view


def _fill(source: str, view: str, folder: str) -> None:
    for name in os.listdir(os.path.join(source, folder)):
        path = f"{folder}/{name}" if folder else name
        if path in _REAL or path in _WRITTEN:
            continue
        if path in _COPIED:
            copy_any(os.path.join(source, path), os.path.join(view, path))
        else:
            os.symlink(os.path.join(source, path), os.path.join(view, path))


def facts(store_path: str) -> dict | None:
    """MRST's version and whether it is a stand-in, as the environment says; None without MRST."""
    if not os.path.isdir(store_path + "/share/mrst"):
        return None
    import json

    stand_in = os.path.exists(store_path + "/share/mrst/WEFT_STAND_IN")
    try:
        with open(store_path + "/weft-environment.json", encoding="utf-8") as file:
            found = json.load(file)["mrst"]
        return {"standIn": bool(found.get("standIn", stand_in)), "version": str(found.get("version", ""))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {"standIn": stand_in, "version": ""}
