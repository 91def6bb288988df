"""What weft gen writes of rules_weft, with real Bazel (../workspace/generated)."""

from __future__ import annotations

import unittest

from workspace import BazelTest, names

SUITE = "//generated/tests:tests"


class G_Generated(BazelTest):
    cells: dict[str, dict]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        ran = cls.workspace.bazel("test", "//generated/...")
        if ran.code:
            raise AssertionError(ran.output)
        # Of one environment: what differs between them is the launcher tests' matter.
        cls.cells = cls.workspace.cells(f"{SUITE}.unit@{names('python')[-1]}")

    def cell(self, file: str) -> dict:
        cell = self.cells["generated/tests/" + file]
        self.assertEqual("passed", cell["verdict"], cell)
        return cell

    def test_a_source_root_above_the_package(self) -> None:
        self.assertEqual(1, self.cell("test_deep.py")["counts"]["passed"])

    def test_doctests_of_a_text_file(self) -> None:
        self.assertEqual(1, self.cell("usage.rst")["counts"]["passed"])

    def test_metadata_of_the_projects_own_distribution(self) -> None:
        self.assertEqual(3, self.cell("test_installed.py")["counts"]["passed"])

    def test_ordinary_tools_and_odd_files(self) -> None:
        self.assertEqual(3, self.cell("test_tools.py")["counts"]["passed"])

    def test_types_that_come_at_collection(self) -> None:
        file = "generated/tests/test_marked_late.py"
        name = names("python", "security")[-1]
        said = f"1 test is of type integration, which no cell of {file} runs: add it to its types"
        unit = self.workspace.cells(f"{SUITE}.unit@{name}")[file]
        self.assertEqual((1, [said]), (unit["counts"]["passed"], unit["notes"]))
        compatibility = self.workspace.cells(f"{SUITE}.compatibility@{name}")[file]
        self.assertEqual(1, compatibility["counts"]["passed"])
        self.assertNotIn("notes", compatibility)
        security = self.workspace.cells(f"{SUITE}.security@{name}")[file]
        self.assertEqual(("passed", 0), (security["verdict"], security["counts"]["tests"]))
        said = f"no test ran: all 3 tests of {file} turned out to be of other types than security"
        self.assertIn(said, security["notes"])


if __name__ == "__main__":
    unittest.main()
