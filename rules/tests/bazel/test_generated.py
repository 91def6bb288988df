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


if __name__ == "__main__":
    unittest.main()
