"""Metadata of the project's own distributions: as if they were installed, and before what is installed."""

from __future__ import annotations

import importlib.util
import json
import sys
import unittest

from harness import CellTest


def dist_info(name: str, version: str, root: str = "src", metadata: str = "", entry_points: str = "", **scripts: str) -> str:
    """A manifest's line, as dist_info.bzl writes it."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    files = {
        "INSTALLER": "weft\n",
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}",
        "RECORD": f"{folder}/INSTALLER,,\n{folder}/METADATA,,\n{folder}/RECORD,,\n",
    }
    if entry_points:
        files["entry_points.txt"] = entry_points
    return json.dumps({"files": files, "folder": f"{root}/{folder}", "scripts": scripts})


BODY = """
import subprocess, sys
from importlib import metadata

def child(code):
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

def test_version():
    assert metadata.version("{name}") == "99.1"
    assert child("from importlib import metadata; print(metadata.version('{name}'))") == "99.1"
"""


class DistInfo(CellTest):
    def run_with(self, line: str, body: str):  # noqa: ANN202
        self.dist_infos = (line,)
        self.write("src/ours/__init__.py", "")
        ran = self.cell(body, imports=("src",))
        self.assertEqual("passed", ran.verdict, ran.log)
        return ran

    def test_version_requirements_files(self) -> None:
        ran = self.run_with(
            dist_info("my-ours", "99.1", metadata="Requires-Dist: attrs>=20\nRequires-Dist: x; extra == 'y'\nAuthor: J\u00f3n\n"),
            BODY.format(name="my-ours")
            + """
def test_more():
    assert metadata.requires("my-ours") == ["attrs>=20", "x; extra == 'y'"]
    assert metadata.metadata("my-ours")["Author"] == "J\\u00f3n"
    files = metadata.distribution("my_ours").files
    assert sorted(file.name for file in files) == ["INSTALLER", "METADATA", "RECORD"]
    assert all(file.locate().exists() for file in files)
    assert metadata.distribution("my-ours").read_text("INSTALLER") == "weft\\n"
""",
        )
        self.assertEqual(2, ran.cell["counts"]["passed"])

    def test_names_in_any_spelling(self) -> None:
        names = ["My.Pkg", "my.pkg"] if sys.version_info < (3, 10) else ["My.Pkg", "my_pkg", "MY-pkg", "my.pkg"]
        self.run_with(dist_info("My.Pkg", "99.1"), "\n".join(BODY.format(name=name).replace("test_version", f"test_{i}") for i, name in enumerate(names)))

    def test_wins_over_an_installed_distribution(self) -> None:
        for name in ("pytest", "PyTest", "iniconfig"):
            self.run_with(dist_info(name, "99.1"), BODY.format(name=name))

    def test_pytest_plugin_that_the_project_registers(self) -> None:
        self.write("src/ours/plugin.py", "import pytest\n@pytest.fixture\ndef answer(): return 42\ndef pytest_addoption(parser): parser.addoption('--ours')\n")
        self.write("pytest.ini", "[pytest]\naddopts = --ours=1 --strict-config\nrequired_plugins = ours-plug\nfilterwarnings = error\n")
        self.run_with(
            dist_info("ours-plug", "99.1", entry_points="[pytest11]\nours = ours.plugin\n"),
            "def test_it(answer, pytestconfig):\n    assert answer == 42 and pytestconfig.getoption('ours') == '1'",
        )

    def test_entry_points(self) -> None:
        self.run_with(
            dist_info("ours", "99.1", entry_points="[ours.things]\none = ours:one\n"),
            """
            from importlib import metadata
            def test_it():
                points = metadata.entry_points()
                found = points.select(group="ours.things") if hasattr(points, "select") else points["ours.things"]
                assert [(point.name, point.value) for point in found] == [("one", "ours:one")]
            """,
        )

    def test_console_scripts(self) -> None:
        self.write("src/ours/cli.py", "import sys\nclass Tool:\n  @staticmethod\n  def main():\n    print('tool', *sys.argv[1:])\n    return 3\n")
        self.run_with(
            dist_info("ours", "99.1", **{"our-tool": "ours.cli:Tool.main", "pytest": "ours.cli:Tool.main"}),
            """
            import os, shutil, subprocess, sys
            def test_it():
                for name in ("our-tool", "pytest"):
                    done = subprocess.run([name, "a b"], stdout=subprocess.PIPE, text=True)
                    assert (done.returncode, done.stdout) == (3, "tool a b\\n")
                assert os.environ["PATH"].split(":")[1] == sys.prefix + "/bin"
            """,
        )

    @unittest.skipUnless(importlib.util.find_spec("pkg_resources"), "no pkg_resources here")
    def test_pkg_resources(self) -> None:
        self.run_with(
            dist_info("pluggy", "99.1", entry_points="[ours.things]\none = ours\n"),
            """
            import pkg_resources
            def test_it():
                assert pkg_resources.get_distribution("pluggy").version == "99.1"
                assert [p.name for p in pkg_resources.iter_entry_points("ours.things")] == ["one"]
            """,
        )


if __name__ == "__main__":
    unittest.main()
