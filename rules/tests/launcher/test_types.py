"""pytest per test type, with the options, measurements and notes that belong to it."""

from __future__ import annotations

import importlib.util
import json
import os
import unittest

from harness import CellTest

ALL_TYPES = """
import pytest
def test_plain(): pass
@pytest.mark.integration
def test_integration(): pass
@pytest.mark.performance
def test_performance(): pass
@pytest.mark.security
def test_security(): pass
@pytest.mark.compatibility
def test_compatibility(): pass
"""


def has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


class Types(CellTest):
    def test_each_type_runs_its_own(self) -> None:
        for type in ("integration", "security", "compatibility"):
            ran = self.cell(ALL_TYPES, type=type)
            self.assertEqual(("passed", [f"test_{type}"]), (ran.verdict, list(ran.cases)))
        self.assertEqual(["test_plain"], list(self.cell(ALL_TYPES).cases))

    def test_slow_is_given_where_it_is_known(self) -> None:
        body = "import pytest\n@pytest.mark.integration\ndef test_it(request): assert request.config.getoption('--slow')"
        self.write("conftest.py", "def pytest_addoption(parser): parser.addoption('--slow', action='store_true')\n")
        ran = self.cell(body, type="integration")
        self.assertEqual(("passed", None), (ran.verdict, ran.cell.get("notes")), ran.log)

    def test_slow_is_left_out_where_it_is_not(self) -> None:
        # Without the option nothing is skipped for being slow, so there is nothing to say.
        ran = self.cell(ALL_TYPES, type="integration")
        self.assertEqual(("passed", None), (ran.verdict, ran.cell.get("notes")), ran.log)

    def test_external_dependency(self) -> None:
        ran = self.cell(
            "import pytest\n@pytest.mark.integration\ndef test_it(record_property):\n"
            "    record_property('external_dependency', 'sqlite')\n    assert 0",
            type="integration",
        )
        found = [(p.get("name"), p.get("value")) for p in ran.cases["test_it"].iter("property")]
        self.assertEqual([("external_dependency", "sqlite")], found)

    def test_rootdir_below_the_workspace(self) -> None:
        del self.files["pytest.ini"]
        self.write("tests/pytest.ini", "[pytest]\n")
        ran = self.cell("import sub\ndef test_it(): assert 0")
        self.assertIn("No module named 'sub'", ran.reason)
        self.assertTrue(ran.reason.startswith("tests/test_a.py "), ran.reason)
        self.write("tests/sub.py", "")
        ran = self.cell("import sub\ndef test_it(): assert 0")
        self.assertTrue(ran.reason.startswith("tests/test_a.py::test_it failed"), ran.reason)

    def test_conftest_and_configuration_are_honoured(self) -> None:
        self.write("pytest.ini", "[pytest]\npython_functions = check_*\n")
        self.write("conftest.py", "import pytest\n@pytest.fixture\ndef answer(): return 42\n")
        ran = self.cell("def check_it(answer): assert answer == 42")
        self.assertEqual("passed", ran.verdict, ran.log)

    def test_no_pytest_in_the_environment(self) -> None:
        self.write("lib/pytest.py", "raise ImportError('none here')\n")
        ran = self.cell("def test_it(): pass", imports=("lib",))
        self.assertEqual("error", ran.verdict)
        self.assertIn("add pytest to its packages in flake.nix", ran.reason)


class Coverage(CellTest):
    def measure(self, **more: object):  # noqa: ANN202
        self.write("src/used.py", "def f(x):\n    if x:\n        return 1\n    return 2\n")
        self.write("src/unused.py", "import os\n\n\nprint(os)\n")
        self.write("src/test_helper.py", "x = 1\n")
        sources = ("src/used.py", "src/unused.py", "src/test_helper.py")
        return self.cell("from used import f\ndef test_it(): assert f(1) == 1", imports=("src",), sources=sources, **more)

    @unittest.skipUnless(has("pytest_cov"), "no pytest-cov here")
    def test_lines_of_first_party_files(self) -> None:
        ran = self.measure(coverage=True)
        self.assertEqual("passed", ran.verdict, ran.log)
        self.assertEqual(
            {
                "src/unused.py": {"executed": "", "missing": "1,4"},
                "src/used.py": {"executed": "1-3", "missing": "4"},
            },
            ran.cell["coverage"]["files"],
        )

    @unittest.skipIf(has("pytest_cov"), "pytest-cov is here")
    def test_said_when_it_cannot_be_measured(self) -> None:
        ran = self.measure(coverage=True)
        self.assertEqual("passed", ran.verdict)
        self.assertIn("has no pytest-cov", ran.cell["notes"][0])

    @unittest.skipUnless(has("pytest_cov"), "no pytest-cov here")
    def test_project_threshold_does_not_fail_a_cell(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = --cov=src --cov-fail-under=100\n")
        ran = self.measure()
        self.assertEqual("passed", ran.verdict, ran.log)
        self.assertNotIn("coverage", ran.cell)
        self.assertIn("--cov is off", ran.cell["notes"][0])
        self.assertEqual("passed", self.measure(coverage=True).verdict)


class Performance(CellTest):
    BODY = """
        import pytest
        @pytest.mark.performance
        def test_speed(benchmark): benchmark.pedantic(sum, args=([1],), rounds=300)
        @pytest.mark.performance
        def test_other(): pass
        """

    @unittest.skipUnless(has("pytest_benchmark"), "no pytest-benchmark here")
    def test_samples(self) -> None:
        ran = self.cell(self.BODY, type="performance")
        self.assertEqual("passed", ran.verdict, ran.log)
        (benchmark,) = ran.cell["benchmarks"]
        self.assertEqual("tests/test_a.py::test_speed", benchmark["name"])
        self.assertEqual((300, 200), (benchmark["rounds"], len(benchmark["samples"])))
        self.assertGreater(benchmark["median"], 0)
        self.assertEqual(1, ran.cell["counts"]["skipped"], "--benchmark-only skips the other one")

    @unittest.skipIf(has("pytest_benchmark"), "pytest-benchmark is here")
    def test_without_the_plugin(self) -> None:
        ran = self.cell("import pytest\n@pytest.mark.performance\ndef test_it(): pass", type="performance")
        self.assertEqual(("passed", []), (ran.verdict, ran.cell["benchmarks"]))
        self.assertIn("option --benchmark-only left out: this pytest does not know it", ran.cell["notes"])


class Security(CellTest):
    TEST = "import pytest\n@pytest.mark.security\ndef test_it(): pass"

    def test_bandit_over_first_party_sources(self) -> None:
        self.write("src/bad.py", "import subprocess\nsubprocess.call('ls', shell=True)\n")
        self.write("src/other.py", "eval('1')\n")
        ran = self.cell(self.TEST, type="security", sources=("src/bad.py",))
        self.assertEqual("passed", ran.verdict)
        security = ran.cell["security"]
        if not has("bandit"):
            self.assertTrue(security["banditMissing"])
            self.assertNotIn("bandit", security)
            return
        self.assertIn("bandit", security, ran.cell.get("notes"))
        self.assertFalse(security["banditMissing"])
        self.assertEqual({"src/bad.py"}, {issue["file"] for issue in security["bandit"]}, ran.cell)
        self.assertIn(("B602", 2), {(issue["test"], issue["line"]) for issue in security["bandit"]})

    def test_advisories_not_given(self) -> None:
        ran = self.cell(self.TEST, type="security")
        self.assertFalse(ran.cell["security"]["advisoriesMeasured"])
        self.assertTrue(any(note.startswith("advisories not checked") for note in ran.cell["notes"]))

    def test_advisories_match_what_is_installed(self) -> None:
        record = {
            "id": "GHSA-test",
            "summary": "all pytests are bad",
            "affected": [
                {
                    "package": {"ecosystem": "PyPI", "name": "PyTest"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9999"}]}],
                }
            ],
            "database_specific": {"severity": "high"},
        }
        osv = os.path.join(self.folder, "osv.json")
        with open(osv, "w", encoding="utf-8") as file:
            json.dump(record, file)
        ran = self.cell(self.TEST, type="security", advisories=[[osv, "osv.json"]])
        security = ran.cell["security"]
        if not has("packaging"):
            self.assertFalse(security["advisoriesMeasured"])
            return
        self.assertTrue(security["advisoriesMeasured"])
        (found,) = security["advisories"]
        self.assertEqual(("pytest", "GHSA-test", "9999", "HIGH"), tuple(found[k] for k in ("package", "id", "fixed", "severity")))

    def test_broken_advisories_are_said(self) -> None:
        osv = os.path.join(self.folder, "osv.json")
        with open(osv, "w", encoding="utf-8") as file:
            file.write("<html>")
        ran = self.cell(self.TEST, type="security", advisories=[[osv, "osv.json"]])
        self.assertFalse(ran.cell["security"]["advisoriesMeasured"])
        self.assertTrue(any("is no OSV file" in note for note in ran.cell["notes"]), ran.cell["notes"])


if __name__ == "__main__":
    unittest.main()
