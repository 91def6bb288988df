"""Files with isolation = "package": one process, and still a result for each."""

from __future__ import annotations

import unittest

from test_suite import SuiteTest

FIRST = "import sys\ndef test_first(): sys.shared = 1\n"
SECOND = "import sys\ndef test_second(): assert sys.shared == 1\ndef test_more(): pass\n"


class Package(SuiteTest):
    def share(self, *bodies: str, timeout: float = 60) -> None:
        for body in bodies:
            self.add(body, cell=False, timeout=timeout)
            self.entries[-1]["spec"]["isolation"] = "package"

    def verdicts(self, done) -> dict[str, str]:  # noqa: ANN001
        return {cell["file"][-4]: cell["verdict"] for cell in done.cells()}

    def test_second_file_needs_the_first(self) -> None:
        self.share(FIRST, SECOND)
        # The order is that of the paths, not of the BUILD file.
        self.entries.reverse()
        done = self.run_suite()
        self.assertEqual(0, done.code, done.output)
        counts = {cell["file"]: cell["counts"]["passed"] for cell in done.cells()}
        self.assertEqual({"tests/test_0.py": 1, "tests/test_1.py": 2}, counts)
        self.assertEqual({120}, {cell["timeoutSeconds"] for cell in done.cells()})

    def test_failure_is_of_its_own_file(self) -> None:
        self.share(FIRST + "def test_bad(): assert 0\n", SECOND, "import no_such_module")
        done = self.run_suite()
        self.assertEqual({"0": "failed", "1": "passed", "2": "error"}, self.verdicts(done), done.output)
        self.assertEqual(1, done.code)

    def test_crash_names_its_file_and_loses_none(self) -> None:
        self.share(FIRST, "import os\ndef test_a(): pass\ndef test_b(): os._exit(3)", SECOND)
        done = self.run_suite()
        self.assertEqual({"0": "passed", "1": "crashed", "2": "error"}, self.verdicts(done), done.output)
        self.assertIn("not reached", done.cells()[2]["reason"])
        self.assertIn("os._exit(3) in tests/test_1.py::test_b", done.cells()[2]["reason"])

    def test_crash_while_collecting(self) -> None:
        self.share(FIRST, "import os; os._exit(3)", SECOND)
        done = self.run_suite()
        self.assertEqual({"0": "error", "1": "crashed", "2": "error"}, self.verdicts(done), done.output)
        self.assertIn("while collecting tests/test_1.py", done.cells()[1]["reason"])

    def test_timeout_is_the_sum(self) -> None:
        limit = self.patience()
        self.share("import time\ndef test_hang(): time.sleep(100)", SECOND, timeout=limit)
        done = self.run_suite()
        self.assertEqual({"0": "timeout", "1": "error"}, self.verdicts(done), done.output)
        self.assertEqual(f"timed out after {2 * limit:g} s in tests/test_0.py::test_hang", done.cells()[0]["reason"])

    def test_filter_and_shards(self) -> None:
        self.share(FIRST, SECOND)
        done = self.run_suite(TESTBRIDGE_TEST_ONLY="test_more")
        self.assertEqual((0, [0, 1]), (done.code, [cell["counts"]["tests"] for cell in done.cells()]), done.output)
        for index, files in (("0", 2), ("1", 0)):
            done = self.run_suite(TEST_TOTAL_SHARDS="2", TEST_SHARD_INDEX=index)
            self.assertEqual((0, files), (done.code, len(done.cells())), done.output)

    def test_fail_fast_says_what_was_not_reached(self) -> None:
        self.share(FIRST + "def test_bad(): assert 0\n", SECOND)
        done = self.run_suite(TESTBRIDGE_TEST_RUNNER_FAIL_FAST="1")
        self.assertEqual({"0": "failed", "1": "error"}, self.verdicts(done), done.output)
        self.assertIn("not reached", done.cells()[1]["reason"])
        self.assertIn("stopped at the first failure", done.cells()[1]["reason"])

    def test_exit_of_the_session_is_told_where_it_was_called(self) -> None:
        self.share(FIRST, "import pytest\ndef test_exit(): pytest.exit('enough')", SECOND)
        done = self.run_suite()
        self.assertEqual({"0": "passed", "1": "error", "2": "error"}, self.verdicts(done), done.output)
        self.assertIn("enough", done.cells()[1]["reason"])
        self.assertIn("not reached", done.cells()[2]["reason"])

    def test_coverage_is_told_once(self) -> None:
        self.share(FIRST, SECOND)
        done = self.run_suite(COVERAGE="1", COVERAGE_OUTPUT_FILE=self.path("coverage.dat"))
        self.assertEqual((0, [True, False]), (done.code, ["coverage" in cell or "notes" in cell for cell in done.cells()]), done.output)

    def test_alone_it_says_so(self) -> None:
        self.share(FIRST)
        self.alone = True
        done = self.run_suite()
        self.assertIn("ran alone here", done.cells()[0]["notes"][0])


del SuiteTest

if __name__ == "__main__":
    unittest.main()
