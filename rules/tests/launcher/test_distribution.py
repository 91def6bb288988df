"""A distribution of the project as its tests see it: metadata, plugins, commands."""

from __future__ import annotations

import unittest

from harness import CellTest

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: six>=1\n"


class DistributionTest(CellTest):
    def distribution(self, name: str = "wells", version: str = "3.5", points: str = "") -> None:
        folder = f"src/{name}-{version}.dist-info"
        self.write(folder + "/METADATA", METADATA.format(name=name, version=version))
        self.write(folder + "/RECORD", "".join(f"{name}-{version}.dist-info/{file},,\n" for file in ("METADATA", "RECORD")))
        if points:
            self.write(folder + "/entry_points.txt", points)

    def passes(self, body: str) -> None:
        ran = self.cell(body, imports=("src",))
        self.assertEqual("passed", ran.verdict, f"{ran.reason}\n{ran.log}")

    def test_metadata_here_and_in_children(self) -> None:
        self.distribution()
        self.passes(
            """
            import subprocess, sys
            from importlib import metadata
            def test_here():
                assert metadata.version("wells") == "3.5"
                assert metadata.requires("wells") == ["six>=1"]
                assert [str(file) for file in metadata.distribution("wells").files][0].endswith("METADATA")
            def test_child():
                code = "from importlib import metadata; print(metadata.version('wells'))"
                assert subprocess.check_output([sys.executable, "-c", code], text=True) == "3.5\\n"
            """
        )

    def test_a_plugin_of_its_own(self) -> None:
        self.distribution(points="[pytest11]\nwells = wells_plugin\n")
        self.write("src/wells_plugin.py", "import pytest\n@pytest.fixture\ndef well(): return 'A-1'\n")
        self.passes("def test_it(well): assert well == 'A-1'")

    def test_its_commands_are_on_the_path(self) -> None:
        self.distribution(points="[console_scripts]\nWells-list = wells.cli:main\ndeep = wells.cli:Group.run [extra]\n")
        self.write("src/wells/__init__.py", "")
        self.write(
            "src/wells/cli.py",
            """
            import sys
            def main():
                print(sys.argv[0].rpartition("/")[2], sys.argv[1:], sys.prefix)
                return 3
            class Group:
                @staticmethod
                def run(): print("deep")
            """,
        )
        self.passes(
            """
            import subprocess, sys
            def test_it():
                done = subprocess.run(["Wells-list", "a b"], stdout=subprocess.PIPE, text=True)
                assert (done.returncode, done.stdout) == (3, f"Wells-list ['a b'] {sys.prefix}\\n")
                assert subprocess.check_output(["deep"], text=True) == "deep\\n"
            """
        )

    def test_it_wins_over_an_installed_one(self) -> None:
        # pytest itself needs iniconfig: the project that makes it must be the one that is tested.
        self.distribution("iniconfig", "99.0")
        self.write(
            "src/iniconfig/__init__.py",
            """
            OWN = True
            class ParseError(Exception): pass
            class SectionWrapper: pass
            class IniConfig(dict):
                def __init__(self, path, data=None): self.sections = {}
                def __iter__(self): return iter([])
            """,
        )
        self.passes(
            """
            import subprocess, sys
            from importlib import metadata
            import iniconfig
            def test_here():
                assert iniconfig.OWN
                assert metadata.version("iniconfig") == "99.0"
                first = next(d for d in metadata.distributions() if d.metadata["Name"] == "iniconfig")
                assert first.version == "99.0"
            def test_child():
                assert subprocess.check_output([sys.executable, "-c", "import iniconfig; print(iniconfig.OWN)"], text=True) == "True\\n"
            """
        )


if __name__ == "__main__":
    unittest.main()
