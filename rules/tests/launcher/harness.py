"""Runs the launcher as Bazel would: `main.py cell …` in a folder of declared files, outside of any sandbox."""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest
from xml.etree import ElementTree

RULES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Another copy of it, from which test_taken_out.py has taken something out.
LAUNCHER = os.environ.get("WEFT_LAUNCHER") or os.path.join(RULES, "launcher")
sys.path.insert(0, LAUNCHER)

ENVIRONMENT = {
    "kind": "python",
    "name": "under-test",
    "storePath": sys.prefix,
    "version": ".".join(map(str, sys.version_info[:3])),
}


class Ran:
    """What a cell left: cell.json, XML (parsed and raw), log."""

    def __init__(self, folder: str) -> None:
        with open(os.path.join(folder, "cell.json"), encoding="utf-8") as file:
            self.cell = json.load(file)
        with open(os.path.join(folder, "cell.xml"), encoding="utf-8") as file:
            self.xml = file.read()
        with open(os.path.join(folder, "cell.log"), encoding="utf-8") as file:
            self.log = file.read()
        self.root = ElementTree.fromstring(self.xml.encode("utf-8"))
        self.cases = {case.get("name"): case for case in self.root.iter("testcase")}

    @property
    def verdict(self) -> str:
        return self.cell["verdict"]

    @property
    def reason(self) -> str:
        return self.cell.get("reason", "")


_patience: list[float] = []


class CellTest(unittest.TestCase):
    """A test that runs cells in a folder of its own."""

    maxDiff = None
    # Whether each cell runs in a worker as well.
    both_ways = True

    def setUp(self) -> None:
        # Not below /tmp, of which a worker's cell has one of its own.
        self.folder = tempfile.mkdtemp(prefix="weft-launcher-test-", dir="/var/tmp")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.scratch = os.path.join(self.folder, "scratch")
        os.mkdir(self.scratch)
        self.files: dict[str, str] = {}
        self.dist_infos: tuple[str, ...] = ()
        self.write("pytest.ini", "[pytest]\nmarkers =\n  integration\n  performance\n  security\n  compatibility\n")

    def patience(self) -> float:
        """A timeout in whole seconds that a cell's start does not use up, on a machine as busy as this one."""
        if not _patience:
            _patience.append(self.cell("def test_it(): pass").cell["durationSeconds"])
        return float(1 + int(4 * _patience[0]))

    def write(self, path: str, text: str) -> None:
        """Declares a file."""
        full = os.path.join(self.folder, "inputs", path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))
        self.files[path] = full

    def manifest(self, sources: tuple[str, ...] = (), imports: tuple[str, ...] = ()) -> str:
        path = os.path.join(self.folder, "manifest")
        with open(path, "w", encoding="utf-8") as file:
            for short, full in self.files.items():
                file.write(f"f\t{full}\t{short}\n")
            file.writelines(f"s\t{source}\n" for source in sources)
            file.writelines(f"i\t{entry}\n" for entry in imports)
            file.writelines(f"d\t{line}\n" for line in self.dist_infos)
        return path

    def facts(self, type: str = "unit", timeout: float = 60, **more: object) -> dict:
        return {
            "environment": ENVIRONMENT,
            "file": "tests/test_a.py",
            "label": "//tests:test_a",
            "timeoutSeconds": timeout,
            "type": type,
            **more,
        }

    def cell(
        self,
        body: str,
        type: str = "unit",
        timeout: float = 60,
        sources: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        **more: object,
    ) -> Ran:
        """Runs tests/test_a.py (or another file) with this body and returns what came of it."""
        self.write(str(more.get("file", "tests/test_a.py")), body)
        out = [os.path.join(self.folder, name) for name in ("cell.json", "cell.xml", "cell.log")]
        manifest = self.manifest(sources, imports)
        arguments = [json.dumps(self.facts(type, timeout, **more)), manifest, *out]
        ran = self.plain(arguments)
        # Performance cells measure, and are never run in a worker.
        if self.both_ways and type != "performance":
            self.compare_with_worker(arguments, ran)
        return ran

    def compare_with_worker(self, arguments: list[str], plain: Ran) -> None:
        """Runs the cell in the shared worker too, which must give the very same."""
        import worker

        shared = worker.shared()
        for isolation in "file", "batch":
            if isolation == "batch" and (plain.verdict == "timeout" or os.environ.get("RULES_TEST_PARITY") == "skip"):
                # A timeout would take its time twice more; test_batch.py has it. And one interpreter compares with a batch.
                continue
            facts = json.dumps({**json.loads(arguments[0]), "isolation": isolation})
            request = shared.send([facts, *arguments[1:]])
            self.assertEqual({"exitCode": 0, "output": "", "requestId": request}, shared.answer(), shared.talk())
            here, there = worker.comparable(plain), worker.comparable(Ran(self.folder))
            name = f"worker, isolation = {isolation}"
            difference = "\n".join(difflib.unified_diff(here, there, "plain action", name, lineterm="", n=6))
            self.assertEqual("", difference[:4000])

    def plain(self, arguments: list[str]) -> Ran:
        """Runs a cell as a plain action."""
        parameters = os.path.join(self.folder, "parameters")
        with open(parameters, "w", encoding="utf-8") as file:
            file.writelines(argument + "\n" for argument in arguments)
        command = [sys.executable, "-sB", os.path.join(LAUNCHER, "weft_launcher", "main.py"), "cell", "@" + parameters]
        env = {"PATH": sys.prefix + "/bin", "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "TMPDIR": self.scratch, "SECRET": "x"}
        done = subprocess.run(
            command, env=env, cwd=self.folder, input="for nobody", capture_output=True, text=True, timeout=120, check=False
        )
        # A WeftCell action never fails and never talks: only its three files speak.
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))
        self.assertEqual([], os.listdir(self.scratch), "the private tree is gone afterwards")
        return Ran(self.folder)
