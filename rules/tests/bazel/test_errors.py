"""Mistakes in BUILD files and locks: Bazel says the target and the remedy."""

from __future__ import annotations

import json
import os
import unittest

from workspace import CACHE, BazelTest, names, read_lock

LOAD = 'load("@rules_weft//:defs.bzl", "matrix_suite", "octave_file", "octave_sources", "pytest_file", "python_dist_info", "python_sources")\n'
FILE = 'pytest_file(name = "test_a", src = "test_a.py")\n'

# What the BUILD file says → what Bazel answers, all of it.
MISTAKES = {
    "unknown type": (
        'pytest_file(name = "test_a", src = "test_a.py", types = ["unti"])',
        ['//bad:test_a: there is no test type "unti"; types are unit, integration, performance, security, compatibility'],
    ),
    "no types": ('pytest_file(name = "test_a", src = "test_a.py", types = [])', ["//bad:test_a: types is empty"]),
    "type twice": (
        'pytest_file(name = "test_a", src = "test_a.py", types = ["unit", "unit"])',
        ['//bad:test_a: the test type "unit" is listed twice'],
    ),
    "unknown environment": (
        'pytest_file(name = "test_a", src = "test_a.py", environments = ["python2.*"])',
        ['//bad:test_a: no environment matches "python2.*"; python environments in the lock: '],
    ),
    "environment of another system": (
        'pytest_file(name = "test_a", src = "test_a.py", environments = ["elsewhere"])',
        ['//bad:test_a: the environment "elsewhere" is not locked for ', "only for vax-vms", "weft env lock"],
    ),
    "environment that runs no such type": (
        'pytest_file(name = "test_a", src = "test_a.py", types = ["security"], environments = ["unit-only"])',
        ["//bad:test_a: none of its environments (unit-only) runs tests of type security", "flake.nix"],
    ),
    "python file for octave": (
        'octave_file(name = "test_a", src = "test_a.py")',
        ["//bad:test_a: test_a.py is a Python file; declare it with pytest_file"],
    ),
    "octave file for pytest": (
        'pytest_file(name = "test_a", src = "test_a.m")',
        ["//bad:test_a: test_a.m is an Octave file; declare it with octave_file"],
    ),
    "text file for octave": (
        'octave_file(name = "test_a", src = "notes.txt")',
        ["//bad:test_a.cells: src bad/notes.txt is no .m file; declare it with pytest_file"],
    ),
    "octave's types are read from the file": (
        'octave_file(name = "test_a", src = "test_a.m", types_at_collection = True)',
        ["//bad:test_a: octave_file has no attribute types_at_collection"],
    ),
    "octave files in one process": (
        'octave_file(name = "test_a", src = "test_a.m", isolation = "package")',
        ['//bad:test_a: octave_file has no isolation "package"'],
    ),
    "two values of a variable in one process": (
        'pytest_file(name = "test_a", src = "test_a.py", isolation = "package", env = {"X": "1"})\n' +
        'pytest_file(name = "test_b", src = "notes.txt", isolation = "package", env = {"X": "2"})\n' +
        'matrix_suite(name = "tests", files = [":test_a", ":test_b"])',
        ["//bad:tests.", 'their env gives X two values: "1" and "2"'],
    ),
    "src that does not exist": (
        'pytest_file(name = "test_a", src = "test_b.py")',
        ["//bad:test_a: src test_b.py does not exist"],
    ),
    "src of another package that does not exist": (
        'pytest_file(name = "test_a", src = "//tests:test_b.py")',
        ["//bad:test_a.cells", "no such target '//tests:test_b.py'"],
    ),
    "src is a list": ('pytest_file(name = "test_a", src = ["test_a.py"])', ["//bad:test_a: src is a list; it must be one file"]),
    "timeout of nothing": (
        'pytest_file(name = "test_a", src = "test_a.py", timeout_seconds = 0)',
        ["//bad:test_a: timeout_seconds is 0; it must be at least 1"],
    ),
    "unknown attribute": (
        'pytest_file(name = "test_a", src = "test_a.py", environment = ["x"])',
        ["no such attribute 'environment' in 'weft_file' rule"],
    ),
    "file not declared": (
        'matrix_suite(name = "tests", files = [":test_a"])',
        ["//bad:tests: files names :test_a, which is no pytest_file or octave_file above it", "before matrix_suite"],
    ),
    "file declared below": (
        'matrix_suite(name = "tests", files = [":test_a"])\n' + FILE,
        ["//bad:tests: files names :test_a, which is no pytest_file or octave_file above it"],
    ),
    "suite of nothing": ('matrix_suite(name = "tests", files = [])', ["//bad:tests: files is empty"]),
    "file of another package": (
        'matrix_suite(name = "tests", files = ["//tests:test_more"])',
        ["//bad:tests: //tests:test_more is of another package"],
    ),
    "unknown attribute of a suite": (
        FILE + 'matrix_suite(name = "tests", files = [":test_a"], types = ["unit"])',
        ["//bad:tests: matrix_suite has no attribute types"],
    ),
    "import root outside": (
        'python_sources(name = "lib", srcs = ["test_a.py"], imports = ["../.."])',
        ['//bad:lib: the folder "../.." is outside of the workspace; name one inside it', 'at most ".." leads up'],
    ),
    "octave path outside": (
        'octave_sources(name = "lib", srcs = ["test_a.m"], paths = ["/lib"])',
        ['//bad:lib: the folder "/lib" is outside of the workspace'],
    ),
    "distribution without a name": (
        'python_dist_info(name = "lib", distribution = "-", version = "1")',
        ['//bad:lib: distribution is "-"; it must be a name such as my-package'],
    ),
    "field that is an attribute": (
        'python_dist_info(name = "lib", distribution = "a", version = "1", fields = {"Name": ["b"]})',
        ["//bad:lib: fields has Name; it is given by distribution and version"],
    ),
    "entry point without an object": (
        'python_dist_info(name = "lib", distribution = "a", version = "1", entry_points = {"x": ["y"]})',
        ['//bad:lib: the entry point "y" of x must be written "name = module:object"'],
    ),
    "script without a function": (
        'python_dist_info(name = "lib", distribution = "a", version = "1", entry_points = {"console_scripts": ["y = z"]})',
        ['//bad:lib: the script "y = z" must name a function: "name = module:function"'],
    ),
    "dist-info nowhere": (
        'python_dist_info(name = "lib", distribution = "a", version = "1", imports = [])',
        ["//bad:lib: imports is empty; name the source root"],
    ),
    "octave file as a python source": (
        'python_sources(name = "lib", srcs = ["test_a.m"])',
        ["source file '//bad:test_a.m' is misplaced here"],
    ),
}


class E_Mistakes(BazelTest):
    def setUp(self) -> None:
        lock = read_lock()
        some = next(env for env in lock["environments"].values() if env["kind"] == "python")
        lock["environments"]["unit-only"] = {**some, "types": ["unit"]}
        lock["environments"]["elsewhere"] = {**some, "systems": {"vax-vms": {"outPath": "/nix/store/x"}}}
        self.other = os.path.join(CACHE, "mistakes.lock.json")
        with open(self.other, "w", encoding="utf-8") as file:
            json.dump(lock, file)

    def build(self, text: str, target: str) -> str:
        for name in ("bad/test_a.py", "bad/test_a.m", "bad/notes.txt"):
            self.changed(name, "")
        self.changed("bad/BUILD.bazel", LOAD + text + "\n")
        ran = self.workspace.bazel(
            "build", "--nobuild", "--build_tag_filters=", f"--repo_env=WEFT_ENVIRONMENTS_LOCK={self.other}", target
        )
        self.assertNotEqual(0, ran.code, text)
        self.doCleanups()
        return ran.output

    def test_mistakes(self) -> None:
        for name, (text, expected) in MISTAKES.items():
            with self.subTest(name):
                # Alone, a pytest_file is manual: it is named, or in a suite.
                target = "//bad:all" if "//bad:" in expected[0] and ".cells" not in "".join(expected) else "//bad:test_a.cells"
                output = self.build(text, target)
                for words in expected:
                    self.assertIn(words, output)

    def test_the_workspace_of_mistakes_is_right_but_for_them(self) -> None:
        for name in ("bad/test_a.py", "bad/test_a.m"):
            self.changed(name, "")
        self.changed("bad/BUILD.bazel", LOAD + FILE + 'matrix_suite(name = "tests", files = [":test_a"])\n')
        ran = self.workspace.bazel(
            "build", "--nobuild", "--build_tag_filters=", f"--repo_env=WEFT_ENVIRONMENTS_LOCK={self.other}", "//bad:all"
        )
        self.assertEqual(0, ran.code, ran.output)


class F_Locks(BazelTest):
    def answer(self, text: str | None) -> str:
        lock = os.path.join(CACHE, "bad.lock.json")
        if os.path.exists(lock):
            os.unlink(lock)
        if text is not None:
            with open(lock, "w", encoding="utf-8") as file:
                file.write(text)
        ran = self.workspace.bazel("build", "--nobuild", f"--repo_env=WEFT_ENVIRONMENTS_LOCK={lock}", "//tests/...")
        self.assertNotEqual(0, ran.code)
        return ran.output

    def test_locks(self) -> None:
        no_python = {"version": 1, "environments": {}}
        for text, words in (
            (None, "bad.lock.json does not exist; run `weft env lock`"),
            ("<<<<<<< ours", "bad.lock.json is not a JSON object"),
            ('{"version": 99, "environments": {}}', "is of version 99, this rules_weft reads version 1"),
            (json.dumps(no_python), "//tests:test_shapes: the environments lock has no python environment for"),
        ):
            with self.subTest(words):
                self.assertIn(words, self.answer(text))

    def test_relative_variable(self) -> None:
        ran = self.workspace.bazel("build", "--nobuild", "--repo_env=WEFT_ENVIRONMENTS_LOCK=some.json", "//tests/...")
        self.assertIn("it must be an absolute path", ran.output)

    def test_environment_that_is_not_built(self) -> None:
        lock = read_lock()
        name = names("python")[0]
        for facts in lock["environments"][name]["systems"].values():
            facts["outPath"] = "/nix/store/00000000000000000000000000000000-not-built"
        path = os.path.join(CACHE, "not-built.lock.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(lock, file)
        ran = self.workspace.bazel(
            "test", f"--repo_env=WEFT_ENVIRONMENTS_LOCK={path}", "--test_output=all", f"//tests:tests.unit@{name}"
        )
        self.assertNotEqual(0, ran.code)
        self.assertIn("/nix/store/00000000000000000000000000000000-not-built", ran.output)

    def test_no_lock_is_named(self) -> None:
        module = self.workspace.read("MODULE.bazel")
        self.changed("MODULE.bazel", module.replace('weft.environments(lock = "//:environments.lock.json")\n', ""))
        ran = self.workspace.bazel("build", "--nobuild", "//tests/...")
        self.assertIn("no environments lock is named: add weft.environments(lock", ran.output)

    def test_two_locks_are_named(self) -> None:
        module = self.workspace.read("MODULE.bazel")
        self.changed("MODULE.bazel", module + 'weft.environments(lock = "//:other.lock.json")\n')
        ran = self.workspace.bazel("build", "--nobuild", "//tests/...")
        self.assertIn("MODULE.bazel names 2 environments locks", ran.output)


if __name__ == "__main__":
    unittest.main()
