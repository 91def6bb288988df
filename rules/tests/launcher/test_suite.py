"""Suites as Bazel starts them: gathering, running again, and the clauses of the Test Encyclopedia."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import unittest
from xml.etree import ElementTree

from harness import LAUNCHER, CellTest

DRIVER = (
    "import sys; sys.path.insert(0, {launcher!r}); from weft_launcher.main import suite; "
    "sys.exit(suite({root!r}, 'suite.json', sys.argv[1:]))"
)

UNMATCHED = "no test of this cell matches the filter"


class Done:
    """A suite's end: exit code, output, XML."""

    def __init__(self, code: int, output: str, xml: str) -> None:
        self.code = code
        self.output = output
        self.root = ElementTree.parse(xml).getroot() if os.path.exists(xml) else None

    def cells(self, name: str = "weft.cell") -> list[dict]:
        return [json.loads(p.get("value")) for p in self.root.iter("property") if p.get("name") == name]

    def case(self, name: str) -> ElementTree.Element:
        return next(case for case in self.root.iter("testcase") if case.get("name") == name)


class SuiteTest(CellTest):
    """Files test_0.py, test_1.py … of one suite, their cells run first when they have any."""

    def setUp(self) -> None:
        super().setUp()
        self.root = os.path.join(self.folder, "runfiles")
        self.outputs = os.path.join(self.folder, "outputs")
        os.makedirs(self.root)
        os.makedirs(self.outputs)
        self.entries: list[dict] = []
        self.alone = False

    def add(self, body: str, cell_body: str | None = None, type: str = "unit", timeout: float = 60, cell: bool = True) -> None:
        """Adds a file; cell_body is what it was when its cell ran (the same by default)."""
        index = len(self.entries)
        name = f"tests/test_{index}.py"
        entry: dict = {"manifest": f"manifest{index}", "spec": self.facts(type, timeout, file=name)}
        if cell:
            ran = self._cell(name, body if cell_body is None else cell_body, timeout)
            entry["outputs"] = {}
            for kind in ("json", "xml", "log"):
                entry["outputs"][kind] = f"cell{index}.{kind}"
                os.rename(os.path.join(self.folder, "cell." + kind), os.path.join(self.root, f"cell{index}.{kind}"))
            del ran
        self.files.pop(name, None)
        own = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(own), exist_ok=True)
        with open(own, "w", encoding="utf-8") as file:
            file.write(body)
        ini = os.path.join(self.root, "pytest.ini")
        with open(ini, "w", encoding="utf-8") as file, open(self.files["pytest.ini"], encoding="utf-8") as source:
            file.write(source.read())
        with open(os.path.join(self.root, f"manifest{index}"), "w", encoding="utf-8") as file:
            file.write(f"f\tbazel/{name}\t{name}\nf\tbazel/pytest.ini\tpytest.ini\n")
        self.entries.append(entry)

    def _cell(self, name: str, body: str, timeout: float):  # noqa: ANN202
        return self.cell(body, type="unit", timeout=timeout, file=name)

    def run_suite(self, *arguments: str, **environ: str) -> Done:
        with open(os.path.join(self.root, "suite.json"), "w", encoding="utf-8") as file:
            json.dump({"alone": self.alone, "label": "//tests:tests.unit@x", "cells": self.entries}, file)
        xml = os.path.join(self.outputs, "test.xml")
        if os.path.exists(xml):
            os.unlink(xml)
        env = {
            "LANG": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "PYTHONHASHSEED": "0",
            "TEST_TMPDIR": self.scratch,
            "XML_OUTPUT_FILE": xml,
            **environ,
        }
        code = DRIVER.format(launcher=LAUNCHER, root=self.root)
        done = subprocess.run(
            [sys.executable, "-sB", "-c", code, *arguments],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.assertEqual([], os.listdir(self.scratch), "the private trees are gone afterwards")
        return Done(done.returncode, done.stdout, xml)

    def path(self, name: str) -> str:
        return os.path.join(self.outputs, name)


class Gathering(SuiteTest):
    def test_passed_cells_are_taken_as_they_are(self) -> None:
        # The files would fail now: they are not run.
        self.add("def test_a(): assert 0", cell_body="def test_a(): pass")
        self.add("def test_b(): assert 0", cell_body="def test_b(): pass\ndef test_c(): pass")
        done = self.run_suite()
        self.assertEqual(0, done.code, done.output)
        self.assertEqual([1, 1], [cell["attempt"] for cell in done.cells()])
        self.assertEqual(["tests/test_0.py", "tests/test_1.py"], [s.get("name") for s in done.root.iter("testsuite")])
        self.assertEqual(3, len(list(done.root.iter("testcase"))))

    def test_failed_cell_runs_again_and_fails(self) -> None:
        self.add("def test_a(): assert 1 == 2\ndef test_b(): pass")
        done = self.run_suite()
        self.assertEqual(1, done.code)
        self.assertEqual([2], [cell["attempt"] for cell in done.cells()])
        self.assertEqual([1], [cell["attempt"] for cell in done.cells("weft.cell.first")])
        self.assertEqual(["failure", "rerunFailure"], [element.tag for element in done.case("test_a")])
        self.assertEqual([], list(done.case("test_b")))
        self.assertIn("first attempt: tests/test_0.py::test_a failed", done.output)
        self.assertIn("assert 1 == 2", done.output)

    def test_flaky_cell_passes_and_is_said(self) -> None:
        self.add("def test_a(): pass", cell_body="def test_a():\n    print('first words')\n    assert 0, 'sometimes'")
        done = self.run_suite()
        self.assertEqual(0, done.code, done.output)
        (flaky,) = done.case("test_a")
        self.assertEqual(("flakyFailure", "AssertionError: sometimes\nassert 0"), (flaky.tag, flaky.get("message") + "\nassert 0"))
        self.assertEqual(("passed", "failed"), (done.cells()[0]["verdict"], done.cells("weft.cell.first")[0]["verdict"]))
        log = done.root.find("testsuite/system-out").text
        self.assertIn("first words", log)
        self.assertIn("1 passed", log)
        self.assertIn("FLAKY", done.output)

    def test_crash_that_passes_now(self) -> None:
        self.add("def test_a(): pass", cell_body="import os\ndef test_a(): os._exit(1)")
        done = self.run_suite()
        self.assertEqual(0, done.code)
        self.assertEqual(["flakyError"], [element.tag for element in done.case("test_a")])

    def test_case_that_is_gone_is_not_lost(self) -> None:
        self.add("def test_b(): pass", cell_body="import no_such_module\ndef test_b(): pass")
        done = self.run_suite()
        (flaky,) = done.case("test_b")
        self.assertEqual("flakyError", flaky.tag)
        self.assertIn("no_such_module", flaky.get("message"))

    def test_unreadable_cell_is_run(self) -> None:
        self.add("def test_a(): pass")
        with open(os.path.join(self.root, "cell0.json"), "w", encoding="utf-8") as file:
            file.write("{")
        done = self.run_suite()
        self.assertEqual(0, done.code)
        self.assertIn("cannot be read", done.output)

    def test_types_in_suite(self) -> None:
        self.add("import pytest\n@pytest.mark.integration\ndef test_a(): pass", type="integration", cell=False)
        done = self.run_suite()
        self.assertEqual((0, 1), (done.code, len(done.cells())))
        self.assertIn("run here, attempt 1", done.output)


class Encyclopedia(SuiteTest):
    def test_filter_by_expression_and_by_name(self) -> None:
        self.add("def test_a(): pass\ndef test_b(): pass")
        self.add("def test_c(): pass", cell_body="def test_c(): pass")
        for chosen in ("test_b", "tests/test_0.py::test_b", "tests/test_9.py::test_c\ntests/test_0.py::test_b"):
            done = self.run_suite(TESTBRIDGE_TEST_ONLY=chosen)
            self.assertEqual(0, done.code, done.output)
            self.assertEqual(["test_b"], [case.get("name") for case in done.root.iter("testcase")])
            # The other file's cell is there too, with no test.
            verdicts = [(cell["verdict"], cell["counts"]["tests"], cell.get("notes")) for cell in done.cells()]
            self.assertEqual([("passed", 1, None), ("passed", 0, [UNMATCHED])], verdicts)

    def test_filter_that_matches_no_test(self) -> None:
        self.add("def test_a(): pass")
        self.add("import pytest\n@pytest.mark.integration\ndef test_b(): pass", type="integration", cell=False)
        for chosen in ("no_such", "tests/test_0.py::test_b", "tests/test_9.py::test_a"):
            done = self.run_suite(TESTBRIDGE_TEST_ONLY=chosen)
            self.assertEqual(0, done.code, done.output)
            self.assertEqual([("passed", 0)] * 2, [(cell["verdict"], cell["counts"]["tests"]) for cell in done.cells()])
            self.assertEqual([UNMATCHED] * 2, [cell["notes"][-1] for cell in done.cells()])
            self.assertEqual([], list(done.root.iter("testcase")))
            self.assertIn(f'no test of //tests:tests.unit@x matches "{chosen}"', done.output)

    def test_filter_hides_no_failure(self) -> None:
        self.add("import no_such_module\ndef test_a(): pass", cell_body="def test_a(): pass")
        done = self.run_suite(TESTBRIDGE_TEST_ONLY="tests/test_9.py::test_a")
        self.assertEqual((1, "error"), (done.code, done.cells()[0]["verdict"]), done.output)

    def test_no_test_without_a_filter_fails(self) -> None:
        self.add("import pytest\n@pytest.mark.integration\ndef test_b(): pass", cell=False)
        done = self.run_suite()
        self.assertEqual((1, "no tests"), (done.code, done.cells()[0]["verdict"]), done.output)

    def test_arguments_that_leave_no_test_are_no_filter(self) -> None:
        self.add("def test_a(): pass")
        done = self.run_suite("-k", "no_such")
        self.assertEqual((1, "no tests"), (done.code, done.cells()[0]["verdict"]), done.output)

    def test_runs_per_test_runs_itself(self) -> None:
        self.add("def test_a(): assert 0", cell_body="def test_a(): pass")
        done = self.run_suite(TEST_RUN_NUMBER="1")
        self.assertEqual(1, done.code, "the cell's old pass does not count")

    def test_arguments_go_to_pytest(self) -> None:
        self.add("def test_a(): pass\ndef test_b(): pass")
        done = self.run_suite("-k", "test_a")
        self.assertEqual(["test_a"], [case.get("name") for case in done.root.iter("testcase")])

    def test_shards_share_the_tests(self) -> None:
        self.add("import pytest\n@pytest.mark.parametrize('x', range(20))\ndef test_a(x): pass")
        self.add("def test_lonely(): pass")
        names: list[str] = []
        for index in range(3):
            status = self.path(f"status{index}")
            done = self.run_suite(TEST_TOTAL_SHARDS="3", TEST_SHARD_INDEX=str(index), TEST_SHARD_STATUS_FILE=status)
            self.assertEqual(0, done.code, done.output)
            self.assertTrue(os.path.exists(status))
            names += [case.get("name") for case in done.root.iter("testcase")]
        self.assertEqual(21, len(names))
        self.assertEqual(21, len(set(names)))

    def test_fail_fast(self) -> None:
        self.add("def test_a(): assert 0")
        self.add("def test_b(): pass")
        done = self.run_suite(TESTBRIDGE_TEST_RUNNER_FAIL_FAST="1")
        self.assertEqual((1, 1), (done.code, len(done.cells())))

    def test_premature_exit_file(self) -> None:
        premature = self.path("premature")
        self.add(
            f"import os\ndef test_a(): assert os.path.exists({premature!r})",
            cell_body="def test_a(): assert 0",
        )
        done = self.run_suite(TEST_PREMATURE_EXIT_FILE=premature)
        self.assertEqual(0, done.code, done.output)
        self.assertFalse(os.path.exists(premature))

    def test_infrastructure_failure_file(self) -> None:
        self.add("def test_a(): pass", cell=False)
        self.entries[0]["spec"]["environment"] = {"kind": "python", "name": "gone", "storePath": "/nix/gone", "version": ""}
        told = self.path("infrastructure")
        done = self.run_suite(TEST_INFRASTRUCTURE_FAILURE_FILE=told)
        self.assertEqual(1, done.code)
        with open(told, encoding="utf-8") as file:
            self.assertIn("/nix/gone does not exist", file.read())

    def test_undeclared_outputs(self) -> None:
        self.add(
            "import os, pathlib\ndef test_a(): pathlib.Path(os.environ['TEST_UNDECLARED_OUTPUTS_DIR'], 'plot.txt').write_text('x')",
            cell=False,
        )
        done = self.run_suite(TEST_UNDECLARED_OUTPUTS_DIR=self.outputs)
        self.assertEqual(0, done.code, done.output)
        self.assertTrue(os.path.exists(self.path("plot.txt")))

    def test_undeclared_outputs_without_zip(self) -> None:
        self.add("import os\ndef test_a(): assert 'TEST_UNDECLARED_OUTPUTS_DIR' not in os.environ", cell=False)
        done = self.run_suite(TEST_UNDECLARED_OUTPUTS_DIR=self.outputs, TEST_UNDECLARED_OUTPUTS_ZIP="x.zip", PATH="/nonexistent")
        self.assertEqual(0, done.code, done.output)
        self.assertIn("this machine has no zip", done.output)

    def test_tmpdir_is_below_bazels(self) -> None:
        self.add(f"import os\ndef test_a(): assert os.environ['TEST_TMPDIR'].startswith({self.scratch!r})", cell=False)
        # Outside of a sandbox; inside one a private /tmp is used, whose short name Unix sockets need.
        self.assertEqual(0, self.run_suite().code)

    def test_coverage_is_written_for_bazel(self) -> None:
        try:
            import pytest_cov  # noqa: F401
        except ImportError:
            self.skipTest("no pytest-cov here")
        self.add("from lib import f\ndef test_a(): assert f() == 1", cell_body="def test_a(): pass")
        with open(os.path.join(self.root, "lib.py"), "w", encoding="utf-8") as file:
            file.write("def f():\n    return 1\n\ndef g():\n    return 2\n")
        with open(os.path.join(self.root, "manifest0"), "a", encoding="utf-8") as file:
            file.write("f\tbazel/lib.py\tlib.py\ns\tlib.py\ni\t.\n")
        done = self.run_suite(COVERAGE="1", COVERAGE_OUTPUT_FILE=self.path("coverage.dat"), COVERAGE_DIR=self.outputs)
        self.assertEqual(0, done.code, done.output)
        for name in ("coverage.dat", "weft.dat"):
            with open(self.path(name), encoding="utf-8") as file:
                self.assertEqual(
                    "SF:lib.py\nDA:1,1\nDA:2,1\nDA:4,1\nDA:5,0\nLH:3\nLF:4\nend_of_record\n", file.read()
                )


class Time(SuiteTest):
    def test_bazels_timeout_leaves_time_for_the_report(self) -> None:
        limit = int(4 + self.patience())
        hang = "import time\ndef test_hang(): time.sleep(60)"
        self.add(hang, cell=False)
        self.add("def test_b(): pass", cell=False)
        begin = time.monotonic()
        done = self.run_suite(TEST_TIMEOUT=str(limit))
        self.assertLess(time.monotonic() - begin, 3 * limit)
        self.assertEqual(1, done.code)
        stopped, late = done.cells()
        self.assertEqual(("timeout", "timeout"), (stopped["verdict"], late["verdict"]))
        self.assertIn("in tests/test_0.py::test_hang: Bazel's timeout left no more", stopped["reason"])
        self.assertIn(f"not run: Bazel's timeout of {limit} s", late["reason"])

    def test_cell_that_there_is_no_time_to_run_again(self) -> None:
        self.add("def test_a(): pass", cell_body="def test_a(): assert 0")
        done = self.run_suite(TEST_TIMEOUT="3")
        self.assertEqual(1, done.code)
        self.assertIn("not run again, Bazel's timeout of 3 s leaves no time", done.output)
        self.assertEqual([1], [cell["attempt"] for cell in done.cells()])

    def test_interrupt_writes_the_report_and_kills_the_test(self) -> None:
        self.add("import os, time\ndef test_hang():\n    open(os.environ['TEST_UNDECLARED_OUTPUTS_DIR'] + '/pid', 'w').write(str(os.getpid()))\n    time.sleep(60)", cell=False)
        self.add("def test_b(): pass", cell=False)
        with open(os.path.join(self.root, "suite.json"), "w", encoding="utf-8") as file:
            json.dump({"label": "//t", "cells": self.entries}, file)
        code = DRIVER.format(launcher=LAUNCHER, root=self.root)
        env = {"TEST_TMPDIR": self.scratch, "XML_OUTPUT_FILE": self.path("test.xml"), "TEST_UNDECLARED_OUTPUTS_DIR": self.outputs}
        process = subprocess.Popen([sys.executable, "-sB", "-c", code], env=env, stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while not os.path.exists(self.path("pid")) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.1)
        process.terminate()
        output, _ = process.communicate(timeout=20)
        self.assertEqual(1, process.returncode, output)
        cells = Done(1, output, self.path("test.xml")).cells()
        self.assertIn("interrupted from outside in tests/test_0.py::test_hang", cells[0]["reason"])
        self.assertIn("not run: interrupted", cells[1]["reason"])
        with open(self.path("pid"), encoding="utf-8") as file:
            self.assertFalse(os.path.exists("/proc/" + file.read()))


if __name__ == "__main__":
    unittest.main()
