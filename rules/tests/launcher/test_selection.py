"""Which tests a cell runs: its type's, less those that the project's own options leave out, and never another file's."""

from __future__ import annotations

import unittest

from harness import CellTest
from weft_launcher.selection import Selection, types_of
from weft_launcher.spec import CellSpec, Manifest

MARKERS = "markers =\n  integration\n  performance\n  security\n  compatibility\n  slow\n"

BOTH = """
import pytest
def test_plain(): pass
@pytest.mark.slow
def test_slow(): pass
@pytest.mark.integration
def test_integration(): pass
@pytest.mark.integration
@pytest.mark.slow
def test_both(): pass
"""


class SelectionTest(unittest.TestCase):
    def selection(self, type: str, types: tuple[str, ...] = ()) -> Selection:
        environment = {"kind": "python", "name": "e", "storePath": "/x"}
        facts = {"environment": environment, "file": "f.py", "label": "//:f", "timeoutSeconds": 1, "type": type, "types": [*types]}
        return Selection(CellSpec(facts, Manifest()))

    def test_types(self) -> None:
        for marks, expected in (
            ((), {"unit"}), (("slow",), {"unit"}), (("slow", "security"), {"security"}),
            (("integration", "performance"), {"integration", "performance"}),
        ):  # fmt: skip
            self.assertEqual(expected, types_of(marks))

    def test_expressions(self) -> None:
        for type, project, expected in (
            ("unit", "", ""),
            ("unit", "not slow", "not slow"),
            ("integration", "", "integration"),
            ("integration", "not slow or x", "(not slow or x) and (integration)"),
            ("integration", "not slow and not integration", "integration"),
            ("security", "not my_security", "(not my_security) and (security)"),
        ):
            self.assertEqual(expected, self.selection(type).expression(project))

    def test_undeclared_types(self) -> None:
        selection = self.selection("unit", ("unit", "security"))
        for marks in ((), ("security",), ("integration",), ("integration", "slow"), ("performance", "security")):
            selection.leave_out(marks)
        self.assertEqual(["2 tests are of type integration, which no cell of f.py runs: add it to its types"], selection.undeclared())
        self.assertEqual((4, 1), (selection.of_other_types, selection.excluded))


class ProjectsOptions(CellTest):
    def names(self, addopts: str, type: str = "unit", body: str = BOTH, **more: object) -> list[str]:
        self.write("pytest.ini", f"[pytest]\naddopts = {addopts}\n{MARKERS}")
        ran = self.cell(body, type=type, **more)
        self.assertEqual("passed", ran.verdict, ran.log + ran.reason)
        return sorted(ran.cases)

    def test_markers_are_selected_by_both(self) -> None:
        self.assertEqual(["test_plain", "test_slow"], self.names(""))
        self.assertEqual(["test_plain"], self.names('-m "not slow"'))
        self.assertEqual(["test_integration"], self.names('-m "not slow"', "integration"))
        self.assertEqual(["test_slow"], self.names("-m slow"))

    def test_a_project_that_leaves_the_type_out_of_plain_runs(self) -> None:
        self.assertEqual(["test_both", "test_integration"], self.names('-m "not integration"', "integration"))
        self.assertEqual(["test_integration"], self.names('-m "not integration and not slow"', "integration"))
        self.assertEqual(["test_both", "test_integration"], self.names('-m "integration or slow"', "integration"))

    def test_names_are_selected_by_both(self) -> None:
        self.assertEqual(["test_plain"], self.names("-k plain"))
        self.assertEqual(["test_both"], self.names("-k both", "integration"))

    def test_all_tests_left_out_by_the_project(self) -> None:
        self.write("pytest.ini", f"[pytest]\naddopts = -m 'not slow'\n{MARKERS}")
        ran = self.cell("import pytest\npytestmark = pytest.mark.slow\ndef test_a(): pass\ndef test_b(): pass")
        self.assertEqual(("passed", 0), (ran.verdict, ran.cell["counts"]["tests"]))
        note = "no test ran: the project's own options leave out all 2 tests of type unit in tests/test_a.py"
        self.assertEqual([note], ran.cell["notes"])
        # Not so for a type that it has none of.
        self.assertEqual("no tests", self.cell(BOTH, type="security").verdict)

    def test_paths_among_the_options_are_not_run(self) -> None:
        self.write("tests/test_b.py", "def test_other(): assert 0\n")
        self.write("src/mod.py", "")
        for addopts in ("tests", "tests/test_b.py", "tests/test_b.py src gone", "--pyargs tests", "tests/test_a.py"):
            self.assertEqual(["test_plain"], self.names(addopts, body="def test_plain(): pass"), addopts)

    def test_markers_that_come_at_collection(self) -> None:
        self.write(
            "conftest.py",
            """
            import pytest
            @pytest.hookimpl(trylast=True)
            def pytest_collection_modifyitems(items):
                for item in items:
                    if "slow" in item.name:
                        item.add_marker("performance")
            """,
        )
        self.assertEqual(["test_plain"], self.names("", body="def test_plain(): pass\ndef test_slow(): pass"))

    def test_conftest_that_chooses_when_nobody_has(self) -> None:
        self.write("conftest.py", "def pytest_configure(config):\n    config.option.markexpr = config.option.markexpr or 'not slow'\n")
        self.assertEqual(["test_plain"], self.names(""))
        self.assertEqual(["test_both", "test_integration"], self.names("", "integration"))

    def test_expression_that_is_none(self) -> None:
        self.write("pytest.ini", f"[pytest]\naddopts = -m 'not ('\n{MARKERS}")
        self.assertEqual("error", self.cell(BOTH).verdict)


class TypesOfAFile(CellTest):
    AT_COLLECTION = "def pytest_collection_modifyitems(items):\n    [i.add_marker('integration') for i in items if 'net' in i.name]\n"

    def setUp(self) -> None:
        super().setUp()
        self.write("conftest.py", self.AT_COLLECTION)

    def test_a_type_without_a_test_passes_when_types_come_at_collection(self) -> None:
        ran = self.cell("def test_a(): pass", type="integration", typesAtCollection=True)
        self.assertEqual(("passed", 0), (ran.verdict, ran.cell["counts"]["tests"]))
        self.assertIn("no test ran: the only test of tests/test_a.py turned out to be of other types than integration", ran.cell["notes"])
        ran = self.cell("def test_net(): pass", type="integration", typesAtCollection=True)
        self.assertEqual(("passed", 1), (ran.verdict, ran.cell["counts"]["tests"]))

    def test_and_fails_otherwise(self) -> None:
        self.assertEqual("no tests", self.cell("def test_a(): pass", type="integration").verdict)
        self.assertEqual("no tests", self.cell("x = 1", type="integration", typesAtCollection=True).verdict)

    def test_tests_that_no_cell_runs_are_said(self) -> None:
        body = "import pytest\ndef test_a(): pass\ndef test_net(): pass\n@pytest.mark.security\ndef test_s(): pass"
        said = "1 test is of type integration, which no cell of tests/test_a.py runs: add it to its types"
        self.assertEqual([said], self.cell(body, types=["unit", "security"]).cell["notes"])
        self.assertIn(said, self.cell(body, type="security", types=["unit", "security"]).cell["notes"])
        self.assertNotIn("notes", self.cell(body).cell, "another cell says it")
        self.assertNotIn("notes", self.cell(body, types=["unit", "security", "integration"]).cell)


class Doctests(CellTest):
    GOOD = "Twice\n=====\n\n>>> 2 * 21\n42\n"

    def test_text_files(self) -> None:
        for file in ("docs/usage.rst", "docs/test_usage.txt", "README.txt"):
            ran = self.cell(self.GOOD, file=file)
            self.assertEqual(("passed", 1), (ran.verdict, ran.cell["counts"]["passed"]), file + ran.log)
        (case,) = ran.cases.values()
        self.assertEqual(("README.txt", "README.txt"), (case.get("classname"), case.get("name")))

    def test_a_failing_example(self) -> None:
        ran = self.cell(">>> 1\n2\n", file="docs/usage.rst")
        self.assertEqual("failed", ran.verdict)
        self.assertEqual("docs.usage.rst", ran.cases["usage.rst"].get("classname"))

    def test_other_extensions_need_the_projects_option(self) -> None:
        ran = self.cell(self.GOOD, file="docs/usage.md")
        self.assertEqual("no tests", ran.verdict, ran.log)
        self.assertIn("give its settings an option --doctest-glob", ran.reason)
        self.write("pytest.ini", "[pytest]\naddopts = --doctest-glob='*.md'\n")
        self.assertEqual("passed", self.cell(self.GOOD, file="docs/usage.md").verdict)

    def test_no_example(self) -> None:
        self.assertEqual("no tests", self.cell("Nothing here.\n", file="docs/usage.rst").verdict)

    def test_a_module_that_is_no_test_file(self) -> None:
        # A whole run collects its doctests only; what looks like a test in it is a helper.
        self.write("pytest.ini", "[pytest]\naddopts = --doctest-modules\nfilterwarnings = error\n")
        helper = '''
            """
            >>> 1
            1
            """
            def test_data_path(name): return name
            class TestBase:
                def __init__(self): pass
            '''
        ran = self.cell(helper, file="src/helper.py")
        self.assertEqual(("passed", ["helper"]), (ran.verdict, list(ran.cases)), ran.log)
        ran = self.cell('"""\n>>> 1\n1\n"""\ndef test_it(): pass')
        self.assertEqual(["test_a", "test_it"], sorted(ran.cases))


if __name__ == "__main__":
    unittest.main()
