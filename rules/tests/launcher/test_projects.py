"""What real projects do: each comes out as with plain pytest and an editable install."""

from __future__ import annotations

import importlib.util
import os
import shutil
import unittest

from harness import CellTest
from test_dist_info import dist_info
from test_types import has

TREE = "import os\nTREE = os.path.realpath(os.path.dirname(os.path.dirname(__file__)))\n"


class Shadowing(CellTest):
    """The project is a package that the environment has too, since pytest needs it."""

    def first_party(self, name: str) -> None:
        origin = importlib.util.find_spec(name).origin
        folder = os.path.dirname(origin)
        for root, folders, files in os.walk(folder):
            folders[:] = [entry for entry in folders if entry != "__pycache__"]
            for file in files:
                path = os.path.relpath(os.path.join(root, file), os.path.dirname(folder))
                self.files["src/" + path] = os.path.join(root, file)
        copy = os.path.join(self.folder, "inputs", "src", name, "__init__.py")
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        shutil.copyfile(origin, copy)
        os.chmod(copy, 0o644)
        with open(copy, "a", encoding="utf-8") as file:
            file.write("\nFIRST_PARTY = True\n")
        self.files[f"src/{name}/__init__.py"] = copy
        self.write(f"src/{name}/__main__.py", f"import {name}\nprint({name}.__file__, {name}.FIRST_PARTY)\n")
        self.dist_infos = (dist_info(name, "99.1"),)

    def test_in_the_process_its_children_and_metadata(self) -> None:
        for name in ("iniconfig", "pluggy", "packaging"):
            with self.subTest(name):
                self.first_party(name)
                ran = self.cell(
                    TREE
                    + f"""
import subprocess, sys
from importlib import metadata
import {name}
def test_process():
    assert {name}.FIRST_PARTY and {name}.__file__ == TREE + "/src/{name}/__init__.py"
def test_pytest_uses_it():
    import pluggy, _pytest.config
    assert _pytest.config.PluginManager is pluggy.PluginManager or issubclass(_pytest.config.PluginManager, pluggy.PluginManager)
    for module in [m for key, m in sys.modules.items() if key.partition(".")[0] == "{name}" and getattr(m, "__file__", None)]:
        assert module.__file__.startswith(TREE + "/src/"), module
def test_child():
    out = subprocess.run([sys.executable, "-m", "{name}"], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert out == TREE + "/src/{name}/__init__.py True\\n"
def test_metadata():
    assert metadata.version("{name}") == "99.1"
""",
                    imports=("src",),
                )
                self.assertEqual(("passed", 4), (ran.verdict, ran.cell["counts"]["passed"]), ran.log)

    def test_the_launcher_has_imported_nothing_of_the_environment(self) -> None:
        # The project's own pytest is the first thing that the launcher imports: it tells what is there already.
        self.write(
            "src/pytest.py",
            """
            import os, sys
            found = sorted({name.partition(".")[0] for name, module in sys.modules.items() if name != "_distutils_hack" and "site-packages" in (getattr(module, "__file__", None) or "")})
            raise ImportError("before pytest: " + repr(found))
            """,
        )
        ran = self.cell("def test_it(): pass", imports=("src",))
        self.assertIn("before pytest: []", ran.reason)


class Strict(CellTest):
    """Weft's own options and measurements warn of nothing."""

    def test_coverage_under_filterwarnings_error(self) -> None:
        self.write("src/used.py", "def f(): return 1\n")
        self.write("src/unused.py", "x = 1\n")
        for settings in ("filterwarnings = error", "addopts = -W error --strict-config --strict-markers\nxfail_strict = true"):
            self.write("pytest.ini", f"[pytest]\nmarkers = integration\n{settings}\n")
            for body in ("from used import f\ndef test_it(): assert f() == 1", "def test_it(): pass"):
                for coverage in (True, False):
                    ran = self.cell(body, imports=("src",), sources=("src/used.py", "src/unused.py"), coverage=coverage)
                    self.assertEqual("passed", ran.verdict, ran.log)
                    if coverage and has("pytest_cov"):
                        self.assertEqual({"src/used.py", "src/unused.py"}, set(ran.cell["coverage"]["files"]))

    @unittest.skipUnless(has("pytest_cov"), "no pytest-cov here")
    def test_the_projects_own_coverage_under_filterwarnings_error(self) -> None:
        self.write("src/used.py", "def f(): return 1\n")
        self.write("pytest.ini", "[pytest]\naddopts = --cov=used --cov-report=term --cov-fail-under=90\nfilterwarnings = error\n")
        for coverage in (True, False):
            ran = self.cell("from used import f\ndef test_it(): assert f() == 1", imports=("src",), sources=("src/used.py",), coverage=coverage)
            self.assertEqual("passed", ran.verdict, ran.log)

    def test_each_type_under_filterwarnings_error(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = -W error --strict-config --strict-markers\nmarkers =\n  integration\n  performance\n  security\n")
        for type in ("integration", "performance", "security"):
            fixture = "benchmark" if type == "performance" and has("pytest_benchmark") else ""
            call = "benchmark(int)" if fixture else "pass"
            ran = self.cell(f"import pytest\n@pytest.mark.{type}\ndef test_it({fixture}): {call}", type=type)
            self.assertEqual(("passed", 1), (ran.verdict, ran.cell["counts"]["passed"]), ran.log)

    @unittest.skipUnless(has("pytest_benchmark"), "no pytest-benchmark here")
    def test_benchmarks_that_plain_runs_leave_out(self) -> None:
        for option in ("--benchmark-skip", "--benchmark-disable"):
            self.write("pytest.ini", f"[pytest]\naddopts = {option}\nmarkers = performance\n")
            ran = self.cell("import pytest\n@pytest.mark.performance\ndef test_it(benchmark): benchmark(int)", type="performance")
            self.assertEqual(("passed", 1, 1), (ran.verdict, ran.cell["counts"]["passed"], len(ran.cell["benchmarks"])), ran.log)


class Surroundings(CellTest):
    def test_pytester(self) -> None:
        self.write("conftest.py", "pytest_plugins = 'pytester'\n")
        ran = self.cell(
            """
            import pytest
            @pytest.fixture(params=["inprocess", "subprocess"])
            def run(request, pytester): return getattr(pytester, "runpytest_" + request.param)
            def test_inner(pytester, run):
                pytester.makepyfile("import pytest\\ndef test_a(): pass\\ndef test_b(): assert 0\\n@pytest.mark.skip\\ndef test_c(): pass")
                result = run("-ra")
                result.assert_outcomes(passed=1, failed=1, skipped=1)
                assert result.ret == 1
            def test_inline(pytester):
                pytester.makepyfile("def test_a(): pass")
                pytester.inline_run().assertoutcome(passed=1)
            def test_cache(pytester):
                pytester.makepyfile("def test_a(): assert 0")
                pytester.runpytest()
                pytester.runpytest("--lf").stdout.fnmatch_lines(["*rerun previous 1 failure*"])
            """
        )
        self.assertEqual(("passed", 4), (ran.verdict, ran.cell["counts"]["tests"]), ran.log)

    def test_network_of_this_machine(self) -> None:
        ran = self.cell(
            """
            import http.server, socket, tempfile, threading, urllib.request
            def test_http():
                server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
                threading.Thread(target=server.serve_forever, daemon=True).start()
                host, port = server.server_address[:2]
                assert b"tests" in urllib.request.urlopen(f"http://localhost:{port}/").read()
                server.shutdown()
                server.server_close()
            def test_unix(tmp_path):
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(str(tmp_path / "socket"))
                listener.listen()
                listener.close()
            """
        )
        self.assertEqual("passed", ran.verdict, ran.log)

    def test_folders(self) -> None:
        ran = self.cell(
            """
            import os, pathlib, subprocess, sys, tempfile
            HERE = pathlib.Path(__file__).parent
            def test_working_folder(pytestconfig):
                assert os.getcwd() == str(pytestconfig.rootpath) == str(HERE.parent)
                pathlib.Path("made.txt").write_text("x")
                (HERE / "beside.txt").write_text("x")
                (HERE / "made").mkdir()
                os.symlink("beside.txt", HERE / "link.txt")
                assert (HERE / "link.txt").read_text() == "x"
            def test_home():
                assert os.listdir(pathlib.Path.home()) == []
                assert os.path.expanduser("~") == os.environ["HOME"]
            def test_executable():
                assert os.access(HERE / "run it.py", os.X_OK) and not os.access(HERE / "plain \\u00fc.txt", os.X_OK)
                assert subprocess.check_output([sys.executable, HERE / "run it.py"]) == b"ran\\n"
            def test_odd_names():
                assert (HERE / "plain \\u00fc.txt").read_text() == "text"
                assert (HERE / "a'b$c#d" / "e%20;f").read_text() == "odd"
            """
        )
        self.assertEqual(2, ran.cell["counts"]["passed"], ran.log)
        self.write("tests/run it.py", "print('ran')\n")
        os.chmod(self.files["tests/run it.py"], 0o755)
        self.write("tests/plain \u00fc.txt", "text")
        self.write("tests/a'b$c#d/e%20;f", "odd")
        with open(self.files["tests/test_a.py"], encoding="utf-8") as file:
            ran = self.cell(file.read())
        self.assertEqual("passed", ran.verdict, ran.log)

    def test_a_thousand_files(self) -> None:
        for number in range(1000):
            self.write(f"tests/data/{number % 7}/{number}.json", '{"x": 1}')
        self.write("tests/data/7/big.bin", "x" * 10_000_000)
        ran = self.cell(
            """
            import json, pathlib, pytest
            FILES = sorted(pathlib.Path(__file__).parent.glob("data/*/*.json"))
            @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
            def test_it(file): assert json.loads(file.read_text())["x"] == 1
            """
        )
        self.assertEqual(("passed", 1000), (ran.verdict, ran.cell["counts"]["passed"]))

    def test_siblings_and_packages_from_the_root(self) -> None:
        self.write("tests/__init__.py", "")
        self.write("tests/helpers.py", "def help(): return 1\n")
        self.write("tests/deep/__init__.py", "")
        ran = self.cell("from tests.helpers import help\nfrom ..helpers import help as same\ndef test_it(): assert help is same", file="tests/deep/test_b.py")
        self.assertEqual("passed", ran.verdict, ran.log)
        self.files.pop("tests/__init__.py")
        ran = self.cell("import helpers\ndef test_it(): assert helpers.help() == 1")
        self.assertEqual("passed", ran.verdict, ran.log)

    def test_names_that_look_like_options(self) -> None:
        for file in ("-l_test.py", "-lead/test_a.py", "--flag dir/test_a.py"):
            ran = self.cell("def test_it(): pass", file=file)
            self.assertEqual(("passed", ["test_it"]), (ran.verdict, list(ran.cases)), file + ran.log)

    def test_test_file_that_is_an_init_module(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = --doctest-modules\n")
        self.write("pkg/test_other.py", "def test_never(): assert 0\n")
        ran = self.cell('"""\n>>> 1\n1\n"""\n', file="pkg/__init__.py")
        self.assertEqual(("passed", ["pkg"]), (ran.verdict, list(ran.cases)), ran.log)


if __name__ == "__main__":
    unittest.main()
