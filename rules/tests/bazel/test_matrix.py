"""What the rules promise of caching, isolation and running again, with real Bazel."""

from __future__ import annotations

import json
import os
import unittest

from workspace import CACHE, BazelTest, Workspace, names, read_lock

# A file of each kind that may share a process with others, or must not.
BATCH = """load("@rules_weft//:defs.bzl", "matrix_suite", "octave_file", "pytest_file")
ALL = ["unit", "integration", "performance", "security", "compatibility"]
pytest_file(name = "test_cell", src = "test_a.py", types = ALL)
pytest_file(name = "test_memory", src = "test_a.py", types = ALL, memory_mb = 64)
pytest_file(name = "test_suite", src = "test_a.py", types = ALL, isolation = "suite")
pytest_file(name = "test_package", src = "test_a.py", types = ALL, isolation = "package")
FILES = ["test_cell", "test_memory", "test_suite", "test_package"]
"""
BATCH_OCTAVE = """octave_file(name = "test_octave", src = "test_a.m", types = ["unit", "compatibility"])
FILES += ["test_octave"]
"""

PASSING = ("//tests/...", "//hermetic/...", "//starlark/...")
# Cells of //tests and //hermetic per environment: (unit of three files, compatibility of one); integration has none.
CELLS = {"unit": 3, "compatibility": 1}


def expected_cells() -> dict[str, int]:
    found: dict[str, int] = {}
    for type, count in CELLS.items():
        for name in names("python", type):
            found[name] = found.get(name, 0) + count
    return found


class A_Matrix(BazelTest):
    """In this order: the first ones build on each other."""

    def settle(self) -> None:
        """Runs what an earlier test has changed back."""
        self.assertEqual(0, self.workspace.bazel("test", *PASSING).code)

    def test_1_building_everything_runs_no_cell(self) -> None:
        ran = self.workspace.bazel("build", "//...")
        self.assertEqual(0, ran.code, ran.output)
        self.assertEqual([], [s["mnemonic"] for s in ran.spawns if s["mnemonic"] in ("WeftCell", "TestRunner")])

    def test_2_every_cell_runs_once_in_linux_sandbox(self) -> None:
        ran = self.workspace.bazel("test", *PASSING)
        self.assertEqual(0, ran.code, ran.output)
        self.assertEqual(expected_cells(), ran.cells())
        self.assertEqual({"linux-sandbox"}, ran.runners())
        for name in names("python"):
            for file, cell in self.workspace.cells(f"//tests:tests.unit@{name}").items():
                self.assertEqual(("passed", 1), (cell["verdict"], cell["attempt"]), file)
                self.assertEqual({"interfaces": ["lo"], "network": "loopback"}, cell["sandbox"])
                self.assertTrue(cell["interpreter"]["executable"].startswith(cell["environment"]["storePath"]))

    def test_3_nothing_runs_again(self) -> None:
        ran = self.workspace.bazel("test", *PASSING)
        self.assertEqual((0, {}, set()), (ran.code, ran.cells(), ran.tests()), ran.output)

    def test_4_an_edited_test_file_runs_its_own_cells(self) -> None:
        self.changed("tests/test_more.py", self.workspace.read("tests/test_more.py") + f"\n# {self.workspace.salt}\n")
        ran = self.workspace.bazel("test", *PASSING)
        self.assertEqual(0, ran.code, ran.output)
        expected = {name: 1 for name in names("python")}
        for name in names("python", "compatibility"):
            expected[name] = expected.get(name, 0) + 1
        self.assertEqual(expected, ran.cells())

    def test_5_a_changed_environment_runs_its_own_cells(self) -> None:
        lock = read_lock()
        first, *others = names("python")
        if not others:
            self.skipTest("one Python environment only")
        lock["environments"][first] = lock["environments"][others[-1]]
        self.changed("environments.lock.json", self.workspace.read("environments.lock.json"))
        self.settle()
        self.workspace.lock(lock)
        ran = self.workspace.bazel("test", *PASSING)
        self.assertEqual(0, ran.code, ran.output)
        self.assertEqual({first}, set(ran.cells()))

    def test_6_a_lock_named_by_the_variable_takes_its_place(self) -> None:
        # As weft writes it for a lock made under an override: a .bazelrc that is tried at the end.
        self.settle()
        other = os.path.join(CACHE, "other.lock.json")
        os.replace(self.workspace.path("environments.lock.json"), other)
        self.addCleanup(os.replace, other, self.workspace.path("environments.lock.json"))
        self.changed(".weft/bazelrc", f"common --repo_env=WEFT_ENVIRONMENTS_LOCK={other}\n")
        ran = self.workspace.bazel("test", *PASSING)
        self.assertEqual((0, {}), (ran.code, ran.cells()), ran.output)

    def test_7_another_checkout_with_the_same_disk_cache_runs_nothing(self) -> None:
        disk = f"--disk_cache={CACHE}/disk"
        self.changed("salt.txt", self.workspace.salt + " disk")
        suites = ("//tests/...", "//hermetic/...")
        ran = self.workspace.bazel("test", disk, *suites)
        self.assertEqual((0, expected_cells()), (ran.code, ran.cells()), ran.output)
        other = Workspace("another-checkout")
        other.write("salt.txt", self.workspace.salt + " disk")
        ran = other.bazel("test", disk, *suites)
        self.assertEqual((0, {}, set()), (ran.code, ran.cells(), ran.tests()), ran.output)
        self.assertEqual(expected_cells(), ran.cells(cached=True))
        other.bazel("shutdown")


class B_Failures(BazelTest):
    def test_verdicts_of_a_failing_suite(self) -> None:
        name = names("python")[0]
        label = f"//failing:failing.unit@{name}"
        ran = self.workspace.bazel("test", "--keep_going", label)
        self.assertEqual(3, ran.code, ran.output)
        self.assertEqual({name: 5}, ran.cells(), "a failing cell is a build action that succeeds")
        cells, first = self.workspace.cells(label), self.workspace.cells(label, "weft.cell.first")
        self.assertEqual(
            {
                "failing/test_fails.py": ("failed", 2),
                "failing/test_flaky.py": ("passed", 2),
                "failing/test_hangs.py": ("timeout", 2),
                "failing/test_leaves.py": ("crashed", 2),
                "failing/test_passes.py": ("passed", 1),
            },
            {file: (cell["verdict"], cell["attempt"]) for file, cell in cells.items()},
        )
        self.assertEqual("timed out after 4 s in failing/test_hangs.py::test_hangs", cells["failing/test_hangs.py"]["reason"])
        self.assertEqual("failed", first["failing/test_flaky.py"]["verdict"])
        tags = {case.get("name"): [element.tag for element in case] for case in self.workspace.xml(label).iter("testcase")}
        self.assertEqual(["flakyFailure"], tags["test_flaky"])
        self.assertEqual(["failure", "rerunFailure"], tags["test_fails"])

        # Never from a cache: the suite runs again although no file has changed; its cells do not.
        ran = self.workspace.bazel("test", label)
        self.assertEqual((3, {}, {label}), (ran.code, ran.cells(), ran.tests()))

    def test_bazels_timeout_leaves_a_report(self) -> None:
        label = f"//failing:slow.unit@{names('python')[0]}"
        ran = self.workspace.bazel("test", "--test_timeout=9", label)
        self.assertEqual(3, ran.code, ran.output)
        self.assertIn("FAILED", ran.output)
        self.assertNotIn("TIMEOUT", ran.output)
        reasons = [cell["reason"] for cell in self.workspace.cells(label).values()]
        self.assertIn("in failing/test_slow_1.py::test_slow_1: Bazel's timeout left no more", reasons[0])
        self.assertIn("not run", reasons[1])


class C_Selection(BazelTest):
    def suites(self, *arguments: str) -> set[str]:
        ran = self.workspace.bazel("test", "--nocache_test_results", *arguments)
        self.assertEqual(0, ran.code, ran.output)
        return ran.tests()

    def test_tags_are_scopes(self) -> None:
        name = names("python")[-1]
        for tag, suites in {
            f"unit@{name}": {f"//tests:tests.unit@{name}"},
            "compatibility": {f"//tests:tests.compatibility@{name}" for name in names("python", "compatibility")},
        }.items():
            self.assertEqual(suites, self.suites(f"--test_tag_filters={tag}", "//tests/..."))

    def test_a_file_has_a_target_of_its_own(self) -> None:
        expected = {f"//tests:test_more.{type}@{e}" for type in ("unit", "compatibility") for e in names("python", type)}
        self.assertEqual(expected, self.suites("//tests:test_more"))

    def test_filter(self) -> None:
        name = names("python")[0]
        label = f"//tests:tests.unit@{name}"
        self.suites("--test_filter=test_squares", label)
        cases = {case.get("name") for case in self.workspace.xml(label).iter("testcase")}
        self.assertEqual({f"test_squares[{side}]" for side in range(8)}, cases)

    def test_filter_without_the_cell(self) -> None:
        name = names("python")[0]
        label = f"//tests:test_shapes.unit@{name}"
        self.changed("tests/test_shapes.py", self.workspace.read("tests/test_shapes.py") + "\n\ndef test_saved(): assert True\n")
        filters = ("--test_filter=tests/test_shapes.py::no_such\ntests/test_shapes.py::test_saved", "--cache_test_results=no")
        ran = self.workspace.bazel("test", *filters, label)
        self.assertEqual((0, {}, {label}), (ran.code, ran.cells(), ran.tests()), ran.output)
        self.assertNotIn("discarding analysis cache", ran.output)
        self.assertEqual(["test_saved"], [case.get("name") for case in self.workspace.xml(label).iter("testcase")])
        ran = self.workspace.bazel("test", label)
        self.assertEqual((0, 1, {label}), (ran.code, sum(ran.cells().values()), ran.tests()), ran.output)
        self.assertNotIn("discarding analysis cache", ran.output)

    def test_files_of_a_package_share_a_process(self) -> None:
        name = names("python")[0]
        label = f"//package:package.unit@{name}"
        ran = self.workspace.bazel("test", "--test_output=all", label)
        self.assertEqual((0, {}, {label}), (ran.code, ran.cells(), ran.tests()), ran.output)
        self.assertEqual(["package/test_first.py", "package/test_second.py"], sorted(self.workspace.cells(label)))
        alone = self.workspace.bazel("test", "--test_output=all", f"//package:test_second.unit@{name}")
        self.assertEqual(3, alone.code, alone.output)
        self.assertIn("ran alone here", alone.output)

    def test_runs_per_test(self) -> None:
        name = names("python")[0]
        label = f"//tests:tests.unit@{name}"
        ran = self.workspace.bazel("test", "--runs_per_test=2", "--test_output=all", label)
        self.assertEqual(0, ran.code, ran.output)
        self.assertEqual(2, ran.output.count("runs its files itself: --runs_per_test"), ran.output)

    def test_performance_is_never_cached(self) -> None:
        name = names("python", "performance")[0]
        label = f"//performance:performance.performance@{name}"
        for _ in range(2):
            ran = self.workspace.bazel("test", label)
            self.assertEqual((0, {label}), (ran.code, ran.tests()), ran.output)

    def test_rules_carry_what_the_driver_reads(self) -> None:
        ran = self.workspace.bazel("query", "kind('weft_(file|suite_test) rule', //tests/...)", "--output=build")
        self.assertEqual(0, ran.code, ran.output)
        name = names("python")[0]
        for words in (
            'weft_file(\n  name = "test_more.cells"',
            'types = ["unit", "compatibility"]',
            'kind = "python"',
            'src = "//tests:test_more.py"',
            f'name = "tests.unit@{name}"',
            'test_type = "unit"',
            f'environment = "{name}"',
            "per_file = True",
        ):
            self.assertIn(words, ran.output)


class D_Settings(BazelTest):
    def isolations(self, *flags: str) -> dict[tuple[str, str], set[str]]:
        """What the specs in //batch say, by file and type: those of actions, which are their keys, and those in suites."""
        ran = self.workspace.bazel(
            "aquery",
            *flags,
            "--build_tag_filters=",
            "--include_file_write_contents",
            "--output=jsonproto",
            "--ui_event_filters=-info",
            "--noshow_progress",
            'mnemonic("WeftCell|FileWrite", //batch:all)',
        )
        self.assertEqual(0, ran.code, ran.output)
        actions = json.JSONDecoder().raw_decode(ran.output, ran.output.index("{"))[0]["actions"]
        commands = [action["arguments"] for action in actions if action["mnemonic"] == "WeftCell"]
        specs = [json.loads(command[command.index("cell") + 1]) for command in commands]
        self.assertEqual({"unit", "compatibility", "security"}, {spec["type"] for spec in specs}, "have actions of their own")
        for action in actions:
            if action.get("fileContents", "").startswith('{"alone"'):
                specs += [cell["spec"] for cell in json.loads(action["fileContents"])["cells"]]
        found: dict[tuple[str, str], set[str]] = {}
        for spec in specs:
            found.setdefault((spec["label"].removeprefix("//batch:"), spec["type"]), set()).add(spec.get("isolation", "none"))
        return found

    def test_batch_flag(self) -> None:
        octave = BATCH_OCTAVE if names("octave") else ""
        self.changed("batch/BUILD.bazel", BATCH + octave + 'matrix_suite(name = "batch", files = FILES)\n')
        for name in ("test_a.py", "test_a.m"):
            self.changed(f"batch/{name}", "")
        plain = {}
        for type in ("unit", "integration", "performance", "security", "compatibility"):
            plain |= {(file, type): {"none"} for file in ("test_cell", "test_memory", "test_suite")}
            plain["test_package", type] = {"package"}
        if octave:
            plain |= {("test_octave", type): {"none"} for type in ("unit", "compatibility")}
        self.assertEqual(plain, self.isolations())
        shared = {("test_cell", "unit"): {"batch"}, ("test_cell", "compatibility"): {"batch"}}
        self.assertEqual(plain | shared, self.isolations("--@rules_weft//:batch"))
        # Unit cells measure coverage, each in a process of its own.
        del shared["test_cell", "unit"]
        self.assertEqual(plain | shared, self.isolations("--@rules_weft//:batch", "--@rules_weft//:coverage"))

    def test_coverage_flag(self) -> None:
        label = f"//tests:tests.unit@{names('python')[0]}"
        ran = self.workspace.bazel("test", "--@rules_weft//:coverage", label)
        self.assertEqual(0, ran.code, ran.output)
        cell = self.workspace.cells(label)["tests/test_shapes.py"]
        if "coverage" in cell:
            found = cell["coverage"]["files"]
            self.assertEqual({"src/shapes.py": {"executed": "4-7", "missing": ""}}, found)
        else:
            self.assertIn("has no pytest-cov", cell["notes"][0])

    def test_bazel_coverage(self) -> None:
        # Bazel's own merger is a download; this one keeps what the test wrote.
        tools = os.path.join(CACHE, "coverage-tools")
        os.makedirs(tools, exist_ok=True)
        for name, text in {
            "REPO.bazel": "",
            "BUILD.bazel": 'load(":merger.bzl", "merger")\n[merger(name = n, visibility = ["//visibility:public"]) for n in ("Main", "coverage_report_generator")]\n',
            "merger.bzl": (
                "def _impl(ctx):\n"
                '    out = ctx.actions.declare_file("merge.sh")\n'
                '    ctx.actions.write(out, "#!/bin/sh\\ncat \\"$COVERAGE_DIR\\"/*.dat > \\"$COVERAGE_OUTPUT_FILE\\"\\n", is_executable = True)\n'
                "    return [DefaultInfo(executable = out)]\n"
                "merger = rule(implementation = _impl, executable = True)\n"
            ),
        }.items():
            with open(os.path.join(tools, name), "w", encoding="utf-8") as file:
                file.write(text)
        name = names("python")[0]
        label = f"//tests:tests.unit@{name}"
        ran = self.workspace.bazel(
            "coverage",
            f"--override_repository=bazel_tools~remote_coverage_tools_extension~remote_coverage_tools={tools}",
            f"--override_repository=bazel_tools+remote_coverage_tools_extension+remote_coverage_tools={tools}",
            "--test_output=all",
            label,
        )
        self.assertEqual(0, ran.code, ran.output)
        self.assertEqual({}, ran.cells(), "the suite measures in its own action")
        self.assertIn("the suite runs its files itself: coverage", ran.output)
        with open(self.workspace.path(f"bazel-testlogs/tests/tests.unit@{name}/coverage.dat"), encoding="utf-8") as file:
            text = file.read()
        if text:
            self.assertIn("SF:src/shapes.py\nDA:4,2\n", text)

    def test_advisories_and_bandit(self) -> None:
        label = f"//security:security.security@{names('python', 'security')[0]}"
        ran = self.workspace.bazel("test", "--@rules_weft//:advisories=//security:advisories", label)
        self.assertEqual(0, ran.code, ran.output)
        cell = self.workspace.cells(label)["security/test_safe.py"]
        self.assertTrue(cell["security"]["banditMissing"] or cell["security"]["bandit"] == [], cell)
        if cell["security"]["advisoriesMeasured"]:
            self.assertEqual(["TEST-0001"], [found["id"] for found in cell["security"]["advisories"]])


@unittest.skipUnless(names("octave"), "no Octave environment in the lock")
class E_Octave(BazelTest):
    def test_passing_and_failing(self) -> None:
        name = names("octave")[0]
        ran = self.workspace.bazel("test", "--keep_going", "//octave/...")
        self.assertEqual(3, ran.code, ran.output)
        good = self.workspace.cells(f"//octave:octave.unit@{name}")["octave/test_twice.m"]
        self.assertEqual(("passed", 2), (good["verdict"], good["counts"]["passed"]), good)
        bad = self.workspace.cells(f"//octave:bad.unit@{name}")["octave/test_bad.m"]
        self.assertEqual(("failed", 1, 1), (bad["verdict"], bad["counts"]["passed"], bad["counts"]["failed"]), bad)
        self.assertEqual(2, bad["attempt"])


if __name__ == "__main__":
    unittest.main()
