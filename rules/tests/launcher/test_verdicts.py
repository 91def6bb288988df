"""Each way a cell can end has its verdict, its reason and a case that carries it."""

from __future__ import annotations

import os
import time
import unittest

from harness import CellTest


class Verdicts(CellTest):
    def test_passed(self) -> None:
        ran = self.cell("def test_ok(): pass")
        self.assertEqual("passed", ran.verdict)
        self.assertNotIn("reason", ran.cell)
        self.assertEqual(1, ran.cell["counts"]["passed"])
        self.assertEqual((0, None), (ran.cell["exitCode"], ran.cell["signal"]))
        self.assertIn("1 passed", ran.log)

    def test_all_outcomes_are_counted(self) -> None:
        ran = self.cell(
            """
            import pytest
            @pytest.fixture
            def bad():
                raise RuntimeError("setup")
            @pytest.fixture
            def bad_end():
                yield
                raise RuntimeError("teardown")
            def test_pass(): pass
            def test_fail(): assert 1 == 2, "words <&>"
            def test_setup(bad): pass
            def test_teardown(bad_end): pass
            def test_both(bad_end): assert 0
            @pytest.mark.skip(reason="not today")
            def test_skip(): pass
            @pytest.mark.xfail(reason="known")
            def test_xfail(): assert 0
            @pytest.mark.xfail(reason="known")
            def test_xpass(): pass
            @pytest.mark.xfail(strict=True)
            def test_strict(): pass
            class TestClass:
                @pytest.mark.parametrize("x", ["a::b", "c/d"])
                def test_in_class(self, x): pass
            """
        )
        self.assertEqual("failed", ran.verdict)
        self.assertEqual(
            {"tests": 11, "passed": 3, "failed": 3, "errors": 2, "skipped": 1, "xfailed": 1, "xpassed": 1},
            ran.cell["counts"],
        )
        self.assertIn("tests/test_a.py::test_fail failed: AssertionError: words <&> (and 2 more)", ran.reason)
        (xpassed,) = ran.cases["test_xpass"].iter("property")
        self.assertEqual(("weft.outcome", "xpassed"), (xpassed.get("name"), xpassed.get("value")))
        failure = ran.cases["test_fail"].find("failure")
        self.assertEqual(("AssertionError: words <&>", "AssertionError"), (failure.get("message"), failure.get("type")))
        self.assertIn("assert 1 == 2", failure.text)
        self.assertEqual("tests.test_a.TestClass", ran.cases["test_in_class[a::b]"].get("classname"))
        self.assertEqual("not today", ran.cases["test_skip"].find("skipped").get("message"))
        self.assertEqual("pytest.xfail", ran.cases["test_xfail"].find("skipped").get("type"))
        self.assertIsNotNone(ran.cases["test_setup"].find("error"))
        self.assertIn("teardown", ran.cases["test_both"].find("failure").text)

    def test_output_of_a_failure(self) -> None:
        ran = self.cell("import sys\ndef test_it():\n    print('to out')\n    print('to err', file=sys.stderr)\n    assert 0")
        self.assertEqual("to out\n", ran.cases["test_it"].find("system-out").text)
        self.assertEqual("to err\n", ran.cases["test_it"].find("system-err").text)
        self.assertIn("to out", ran.root.find("testsuite/system-out").text)

    def test_exit_names_the_test(self) -> None:
        for code in (0, 3):
            ran = self.cell(f"import os\ndef test_before(): pass\ndef test_leaves(): os._exit({code})\ndef test_after(): pass")
            self.assertEqual("crashed", ran.verdict)
            self.assertEqual(f"os._exit({code}) in tests/test_a.py::test_leaves", ran.reason)
            self.assertEqual({"tests": 2, "passed": 1, "errors": 1}, {k: v for k, v in ran.cell["counts"].items() if v})
            self.assertEqual("weft.crashed", ran.cases["test_leaves"].find("error").get("type"))

    def test_signals_name_the_test(self) -> None:
        for number, name in ((9, "SIGKILL"), (11, "SIGSEGV"), (15, "SIGTERM"), (6, "SIGABRT")):
            ran = self.cell(f"import os\ndef test_dies(): os.kill(os.getpid(), {number})")
            self.assertEqual("crashed", ran.verdict)
            self.assertEqual(f"killed by signal {number} ({name}) in tests/test_a.py::test_dies", ran.reason)
            self.assertEqual((None, number), (ran.cell["exitCode"], ran.cell["signal"]))

    def test_crash_while_collecting(self) -> None:
        ran = self.cell("import os\nos._exit(7)")
        self.assertEqual(("crashed", "os._exit(7) while collecting tests/test_a.py"), (ran.verdict, ran.reason))
        self.assertEqual(0, ran.cell["counts"]["tests"])
        self.assertEqual("weft.crashed", ran.cases["tests/test_a.py"].find("error").get("type"))
        properties = {p.get("name") for p in ran.cases["tests/test_a.py"].iter("property")}
        self.assertEqual({"weft.synthetic"}, properties)

    def test_crash_after_the_tests(self) -> None:
        ran = self.cell("import atexit, os\ndef test_it(): atexit.register(os._exit, 9)")
        self.assertEqual("crashed", ran.verdict)
        self.assertIn("os._exit(9) after", ran.reason)

    def test_hang_is_stopped_and_named(self) -> None:
        limit = self.patience()
        begin = time.monotonic()
        ran = self.cell("import time\ndef test_hang(): time.sleep(100)", timeout=limit)
        self.assertLess(time.monotonic() - begin, 8 * limit)
        self.assertEqual(("timeout", f"timed out after {limit:g} s in tests/test_a.py::test_hang"), (ran.verdict, ran.reason))
        # faulthandler says where
        self.assertIn("in test_hang", ran.log)
        self.assertIn("in test_hang", ran.cases["test_hang"].find("error").text)
        self.assertGreater(float(ran.cases["test_hang"].get("time")), 0.1 * limit)

    def test_hang_that_ignores_signals(self) -> None:
        limit = self.patience()
        ran = self.cell(
            """
            import signal, time
            def test_deaf():
                for number in (signal.SIGTERM, signal.SIGABRT, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                time.sleep(100)
            """,
            timeout=limit,
        )
        self.assertEqual(("timeout", f"timed out after {limit:g} s in tests/test_a.py::test_deaf"), (ran.verdict, ran.reason))

    def test_hang_at_import(self) -> None:
        ran = self.cell("import time\ntime.sleep(100)", timeout=1)
        self.assertEqual(("timeout", "timed out after 1 s while collecting tests/test_a.py"), (ran.verdict, ran.reason))

    def test_no_tests(self) -> None:
        ran = self.cell("import pytest\n@pytest.mark.integration\ndef test_it(): pass")
        self.assertEqual("no tests", ran.verdict)
        self.assertIn("no unit test in tests/test_a.py, 1 of other types", ran.reason)
        self.assertEqual("weft.no tests", ran.cases["tests/test_a.py"].find("error").get("type"))

    def test_file_skipped_as_a_whole(self) -> None:
        ran = self.cell("import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass")
        self.assertEqual("passed", ran.verdict)
        self.assertEqual((1, 1), (ran.cell["counts"]["tests"], ran.cell["counts"]["skipped"]))

    def test_collection_error(self) -> None:
        ran = self.cell("import no_such_module\ndef test_it(): pass")
        self.assertEqual("error", ran.verdict)
        self.assertIn("No module named 'no_such_module'", ran.reason)
        self.assertEqual(1, ran.cell["counts"]["errors"])

    def test_syntax_of_another_python(self) -> None:
        ran = self.cell("def broken(:\n    pass")
        self.assertEqual("error", ran.verdict)
        self.assertIn("SyntaxError", ran.reason)

    def test_usage_error(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = --no-such-option\n")
        ran = self.cell("def test_it(): pass")
        self.assertEqual("error", ran.verdict)
        self.assertIn("called wrongly", ran.reason)

    def test_interrupted_by_itself(self) -> None:
        ran = self.cell("import pytest\ndef test_it(): pytest.exit('enough')\ndef test_never(): pass")
        self.assertEqual("error", ran.verdict)
        self.assertIn("enough", ran.reason)

    def test_interrupted_with_an_exit_code_of_its_own(self) -> None:
        ran = self.cell(
            """
            import pytest
            def test_a(): pass
            def test_b(): pytest.exit("enough", returncode=0)
            def test_c(): assert 0
            """
        )
        self.assertEqual(("error", 0), (ran.verdict, ran.cell["exitCode"]))
        self.assertEqual("pytest was interrupted: enough", ran.reason)

    def test_collected_tests_that_did_not_run(self) -> None:
        self.write("tests/conftest.py", "def pytest_runtest_protocol(item): return item.name == 'test_b' or None\n")
        ran = self.cell("def test_a(): pass\ndef test_b(): assert 0")
        self.assertEqual("error", ran.verdict)
        self.assertIn("only 1 of 2 collected tests ran", ran.reason)

    def test_failure_without_a_failed_test(self) -> None:
        self.write("tests/conftest.py", "def pytest_sessionfinish(session): session.exitstatus = 1\n")
        ran = self.cell("def test_it(): pass")
        self.assertEqual("failed", ran.verdict)
        self.assertIn("although no test failed", ran.reason)

    def test_properties_of_weft_are_not_for_tests(self) -> None:
        ran = self.cell(
            """
            def test_a(record_property):
                record_property("weft.synthetic", "true")
                record_property("weft.outcome", "xpassed")
                assert 0
            """
        )
        names = [p.get("name") for p in ran.cases["test_a"].iter("property")]
        self.assertEqual(["test.weft.synthetic", "test.weft.outcome"], names)

    def test_wrong_interpreter(self) -> None:
        environment = {"kind": "python", "name": "other", "storePath": "/usr", "version": "1"}
        ran = self.cell("def test_it(): pass", environment=environment)
        self.assertEqual("infrastructure", ran.verdict)
        self.assertIn("not the environment's /usr", ran.reason)

    def test_environment_is_gone(self) -> None:
        environment = {"kind": "python", "name": "python3.9", "storePath": "/nix/store/gone", "version": "1"}
        ran = self.cell("def test_it(): pass", environment=environment)
        self.assertEqual("infrastructure", ran.verdict)
        self.assertIn("weft env build python3.9", ran.reason)

    def test_result_that_cannot_be_read(self) -> None:
        self.write(
            "tests/conftest.py",
            """
            import os
            def pytest_unconfigure():
                with open(os.path.join(os.path.dirname(os.getcwd()), "benchmark.json"), "w") as file:
                    file.write('{"benchmarks": [7]}')
            """,
        )
        ran = self.cell("import pytest\n@pytest.mark.performance\ndef test_it(benchmark): benchmark(int)", type="performance")
        self.assertEqual("infrastructure", ran.verdict)
        self.assertIn("AttributeError", ran.reason)

    def test_declared_file_is_gone(self) -> None:
        self.files["gone.txt"] = os.path.join(self.folder, "gone.txt")
        ran = self.cell("def test_it(): pass")
        self.assertEqual("infrastructure", ran.verdict)
        self.assertIn("gone.txt is not there", ran.reason)


if __name__ == "__main__":
    unittest.main()
