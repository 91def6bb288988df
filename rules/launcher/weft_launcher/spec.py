"""What to run: a cell's facts, its manifest of files, and how this run of it differs from others."""

from __future__ import annotations

import json
import os

from . import sandbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .batch import Shared
    from .warm import Warm

EXTERNAL = "external/"


class Manifest:
    """The private tree's files and search paths, as rules_weft wrote them (one tab-separated line each)."""

    __slots__ = ("dist_infos", "files", "imports", "sources")

    def __init__(self) -> None:
        # (path that Bazel gives the file, path in the private tree)
        self.files: list[tuple[str, str]] = []
        self.sources: list[str] = []
        self.imports: list[str] = []
        # Of each first-party distribution: its dist-info's folder, files (name → text), scripts (name → function).
        self.dist_infos: list[dict] = []


def read_manifest(path: str, runfiles: str | None) -> Manifest:
    """Reads a manifest.

    In a build action the files are below the current folder, under Bazel's paths; in a test they are runfiles, under
    their short paths.
    """
    manifest = Manifest()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            kind, _, rest = line.rstrip("\n").partition("\t")
            if kind == "f":
                exec_path, _, short_path = rest.partition("\t")
                source = exec_path if runfiles is None else os.path.normpath(os.path.join(runfiles, short_path))
                manifest.files.append((source, tree_path(short_path)))
            elif kind == "s":
                manifest.sources.append(rest)
            elif kind == "i":
                manifest.imports.append(rest)
            elif kind == "d":
                manifest.dist_infos.append(json.loads(rest))
    return manifest


def tree_path(short_path: str) -> str:
    """A file's place in the private tree: the same as in the workspace."""
    return EXTERNAL + short_path[3:] if short_path.startswith("../") else short_path


class CellSpec:
    """One cell, and the options of this run of it."""

    def __init__(self, facts: dict, manifest: Manifest) -> None:
        self.facts = facts
        environment = facts["environment"]
        self.label: str = facts["label"]
        self.file: str = facts["file"]
        self.type: str = facts["type"]
        self.environment: dict = environment
        self.kind: str = environment["kind"]
        self.store_path: str = environment["storePath"]
        self.timeout: float = facts["timeoutSeconds"]
        # Megabytes of data that each of its processes may have; 0 = no limit.
        self.memory: int = facts.get("memoryMegabytes", 0)
        self.env: dict[str, str] = facts.get("env", {})
        self.coverage: bool = facts.get("coverage", False)
        # All types that the file declares, for the one cell that tells of tests of others; empty in the rest.
        self.types: list[str] = facts.get("types", [])
        # Markers come at collection only, so a type without a test is no mistake.
        self.types_at_collection: bool = facts.get("typesAtCollection", False)
        # It shares its suite's one process (isolation = "package"); alone in its own suite.
        self.package: bool = facts.get("isolation") == "package"
        self.alone = False
        # (Bazel's path, short path) of each OSV file
        self.advisories: list[list[str]] = facts.get("advisories", [])
        self.manifest = manifest
        # The files that one process runs: this one, or (together, see package.py) several.
        self.members: list[CellSpec] = [self]
        self.together = False

        self.attempt = 1
        # Seconds that the suite has left; shorter than the cell's own timeout or None.
        self.time_left: float | None = None
        self.arguments: list[str] = []
        self.filter: str | None = None
        self.fail_fast = False
        # (index, total): only these of the file's tests
        self.shard: tuple[int, int] | None = None
        # Where the test may leave files for people, when it runs in a Bazel test.
        self.outputs_dir: str | None = None
        # Further variables of the test process (Bazel's own, under bazel test).
        self.test_env: dict[str, str] = {}
        # The worker's modules, when the cell runs in one.
        self.warm: Warm | None = None
        # The test process that it shares with cells before it (isolation = "batch").
        self.shared: Shared | None = None
        # The files whose process it did not pass in, before this run of its own.
        self.after: list[str] = []
        # The folder that the private tree is made in.
        self.scratch: str = sandbox.scratch(None)

    @property
    def name(self) -> str:
        """What people call the cell."""
        return f"{self.file} {self.type}@{self.environment['name']}"

    @property
    def limit(self) -> float:
        """Seconds after which this run is stopped."""
        return self.timeout if self.time_left is None else min(self.timeout, self.time_left)
