"""What the targets of rules_weft tell each other."""

WeftEnvironmentInfo = provider(
    doc = "One environment of the lock, on this machine's system.",
    fields = {
        "name": "string: python3.9",
        "kind": "string: python or octave",
        "version": "string: the interpreter's version",
        "out_path": "string: the store path",
        "types": "list of test types that run in it; empty = all",
        "file": "File: the same facts as a small JSON file, an input of each of its cells",
    },
)

WeftSourcesInfo = provider(
    doc = "First-party sources and what they need at run time.",
    fields = {
        "files": "depset of File: all that goes into a cell's private tree",
        "first_party": "depset of File: sources that coverage and security look at",
        "dist_infos": "depset of string: metadata of first-party distributions, as JSON (dist_info.bzl)",
        "imports": "depset of string: workspace-relative folders for PYTHONPATH, or Octave's path",
    },
)

WeftFileInfo = provider(
    doc = "One test file's cells.",
    fields = {
        "file": "string: the test file, workspace-relative",
        "cells": "dict TYPE@ENVIRONMENT → struct(spec = dict, outputs = struct(json, xml, log) or None, " +
                 "environment = WeftEnvironmentInfo); None when the cell runs inside its suite",
        "manifest": "File: the private tree's files and search paths",
        "inputs": "depset of File: what a suite needs to run the file itself",
        "sources": "depset of File: first-party sources, for coverage",
    },
)
