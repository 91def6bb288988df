"""A workspace for real Bazel: a copy of ../workspace in a fixed folder, so that Bazel's server and caches stay warm."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import unittest
import uuid
from collections import Counter
from xml.etree import ElementTree

TESTS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
RULES = os.path.dirname(TESTS)
CACHE = os.environ["RULES_TEST_CACHE"]
LOCK = os.environ["WEFT_TEST_LOCK"]

# Bazel's sandbox has a /tmp of its own, which hides a clone there; an overridden module's folder is not mounted by itself.
MOUNTS = [f"--sandbox_add_mount_pair={RULES}"] if RULES.startswith("/tmp/") else []


def read_lock() -> dict:
    """The lock under test, without environments whose store path is not on this machine."""
    with open(LOCK, encoding="utf-8") as file:
        lock = json.load(file)
    lock["environments"] = {
        name: env
        for name, env in lock["environments"].items()
        if all(os.path.exists(facts["outPath"]) for facts in env["systems"].values())
    }
    return lock


def names(kind: str, type: str = "unit") -> list[str]:
    """Names of the environments of one kind that run tests of a type."""
    found = read_lock()["environments"]
    return sorted(name for name, env in found.items() if env["kind"] == kind and type in (env.get("types") or [type]))


class Ran:
    """One bazel command's end."""

    def __init__(self, code: int, output: str, spawns: list[dict]) -> None:
        self.code = code
        self.output = output
        self.spawns = spawns

    def cells(self, cached: bool | None = False) -> Counter:
        """How many cells ran, per environment (cached=None: or came from a disk cache)."""
        found: Counter = Counter()
        for spawn in self.spawns:
            if spawn["mnemonic"] == "WeftCell" and cached in (None, bool(spawn.get("cacheHit"))):
                found[spawn["actualOutputs"][0]["path"].split("/")[-2]] += 1
        return found

    def runners(self) -> set[str]:
        """Where cells and suites ran."""
        return {spawn["runner"] for spawn in self.spawns if spawn["mnemonic"] in ("WeftCell", "TestRunner")}

    def tests(self, cached: bool = False) -> set[str]:
        """The suites that ran."""
        found = (spawn for spawn in self.spawns if spawn["mnemonic"] == "TestRunner")
        return {spawn["targetLabel"] for spawn in found if bool(spawn.get("cacheHit")) == cached}


class Workspace:
    """A copy of the test workspace."""

    def __init__(self, name: str) -> None:
        self.root = os.path.join(CACHE, name)
        os.makedirs(self.root, exist_ok=True)
        for entry in os.listdir(self.root):
            if not entry.startswith("bazel-"):
                path = os.path.join(self.root, entry)
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        shutil.copytree(
            os.path.join(TESTS, "workspace"), self.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("bazel-*")
        )
        if names("octave"):
            os.rename(self.path("octave/BUILD.in"), self.path("octave/BUILD.bazel"))
        self.salt = uuid.uuid4().hex
        self.write("salt.txt", self.salt)
        self.lock(read_lock())

    def path(self, name: str) -> str:
        return os.path.join(self.root, name)

    def write(self, name: str, text: str) -> None:
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name: str) -> str:
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def lock(self, lock: dict) -> None:
        self.write("environments.lock.json", json.dumps(lock, indent=2, sort_keys=True) + "\n")

    def bazel(self, *arguments: str, **environ: str) -> Ran:
        """Runs bazel COMMAND … here."""
        log = os.path.join(CACHE, "spawns.json")
        if os.path.exists(log):
            os.unlink(log)
        command = ["bazel", f"--output_user_root={CACHE}/bazel", arguments[0], f"--override_module=rules_weft={RULES}"]
        if arguments[0] in ("build", "test", "coverage"):
            command += ["--color=no", "--curses=no", "--noshow_progress", f"--execution_log_json_file={log}", *MOUNTS]
        done = subprocess.run(
            [*command, *arguments[1:]],
            cwd=self.root,
            env={key: value for key, value in os.environ.items() if not key.startswith("WEFT_ENV")} | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        spawns = []
        if os.path.exists(log):
            with open(log, encoding="utf-8", errors="replace") as file:
                # Objects one after the other, each closed by a brace in the first column.
                spawns = [json.loads(text) for text in re.split(r"(?<=\n\})(?=\{)|(?<=^\})(?=\{)", file.read()) if text.strip()]
        return Ran(done.returncode, done.stdout, spawns)

    def xml(self, label: str) -> ElementTree.Element:
        """A suite's test.xml."""
        folder = label.removeprefix("//").replace(":", "/")
        return ElementTree.parse(self.path(f"bazel-testlogs/{folder}/test.xml")).getroot()

    def cells(self, label: str, name: str = "weft.cell") -> dict[str, dict]:
        """The cell.json objects in a suite's XML, by file."""
        found = [json.loads(p.get("value")) for p in self.xml(label).iter("property") if p.get("name") == name]
        return {cell["file"]: cell for cell in found}


class BazelTest(unittest.TestCase):
    """A test with the workspace: made once for the whole run, each test leaves it as it was."""

    maxDiff = None
    workspace: Workspace

    _shared: Workspace | None = None

    @classmethod
    def setUpClass(cls) -> None:
        if BazelTest._shared is None:
            BazelTest._shared = Workspace("workspace")
        cls.workspace = BazelTest._shared

    def changed(self, name: str, text: str) -> None:
        """Writes a file for the length of this test."""
        existed = os.path.exists(self.workspace.path(name))
        before = self.workspace.read(name) if existed else ""
        self.workspace.write(name, text)

        def restore() -> None:
            if existed:
                self.workspace.write(name, before)
            else:
                os.unlink(self.workspace.path(name))

        self.addCleanup(restore)
