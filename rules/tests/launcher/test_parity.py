"""The same file with plain pytest and in cells: the same cases with the same outcomes, one by one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unittest
from collections import Counter
from xml.etree import ElementTree

from harness import CellTest

TYPES = ("unit", "integration", "performance", "security", "compatibility")

# name → body of tests/test_a.py
BODIES = {
    "parameters": r"""
        import pytest
        ODD = ["with space", "quote\"'", "<tag>&amp;", "emoji \U0001f4a5", "new\nline", "nul\x00", "]]>", "a::b", "c/d.py", "[x]", "a.b", ""]
        @pytest.mark.parametrize("x", ODD, ids=str)
        def test_ids(x): assert x != "a::b"
        @pytest.mark.parametrize("x", [1, 1.5, None, True, b"\xff", object(), "\xe9", int, "x" * 300])
        def test_values(x): pass
        @pytest.mark.parametrize("x", [1, 1])
        def test_twice(x): pass
        @pytest.mark.parametrize("x", [])
        def test_none(x): pass
        @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.skip), pytest.param(2, marks=pytest.mark.xfail, id="b")])
        @pytest.mark.parametrize("y", "ab")
        def test_marks(x, y): assert x == 1
        @pytest.fixture(params=["p", "q"])
        def given(request): return request.param
        def test_fixture(given): assert given == "p"
        """,
    "classes": """
        import pytest
        class TestOuter:
            def test_a(self): pass
            class TestInner:
                def test_a(self): assert 0
                @pytest.mark.parametrize("x", ["::", "a.b"])
                def test_b(self, x): pass
        class Base:
            def test_base(self): assert self.good
        class TestGood(Base): good = True
        class TestBad(Base): good = False
        class TestInit:
            def __init__(self): pass
            def test_never(self): pass
        class TestSetup:
            def setup_method(self): raise RuntimeError("setup")
            def test_a(self): pass
        for number in range(3):
            globals()[f"TestMade{number}"] = type(f"TestMade{number}", (Base,), {"good": number != 1})
        """,
    "unittest": """
        import unittest
        class Cases(unittest.TestCase):
            def test_pass(self): pass
            def test_fail(self): self.assertEqual(1, 2)
            def test_error(self): raise RuntimeError
            @unittest.skip("why")
            def test_skip(self): pass
            def test_skip_inside(self): self.skipTest("later")
            @unittest.expectedFailure
            def test_expected(self): self.fail()
            @unittest.expectedFailure
            def test_unexpected(self): pass
            def test_subtests(self):
                for number in range(3):
                    with self.subTest(number=number): self.assertNotEqual(number, 1)
            def test_good_subtests(self):
                for number in range(3):
                    with self.subTest(number=number): pass
            def test_skipped_subtest(self):
                with self.subTest("a"): self.skipTest("one")
                with self.subTest("b"): pass
        class BadClass(unittest.TestCase):
            @classmethod
            def setUpClass(cls): raise RuntimeError("class")
            def test_a(self): pass
            def test_b(self): pass
        class BadEnd(unittest.TestCase):
            @classmethod
            def tearDownClass(cls): raise RuntimeError("end")
            def test_a(self): pass
        @unittest.skip("all")
        class Skipped(unittest.TestCase):
            def test_a(self): pass
        class Cleanup(unittest.TestCase):
            def test_a(self): self.addCleanup(lambda: 1 / 0)
        """,
    "unittest module": """
        import unittest
        def setUpModule(): raise unittest.SkipTest("module")
        class Cases(unittest.TestCase):
            def test_a(self): pass
        """,
    "phases": """
        import pytest
        @pytest.fixture
        def bad(): raise RuntimeError("setup")
        @pytest.fixture
        def bad_end():
            yield
            raise RuntimeError("teardown")
        @pytest.fixture
        def skips(): pytest.skip("in a fixture")
        @pytest.fixture
        def skips_late():
            yield
            pytest.skip("at the end")
        @pytest.fixture(scope="module")
        def module_end():
            yield
            raise RuntimeError("module teardown")
        def test_fine(): pass
        def test_setup(bad): pass
        def test_teardown(bad_end): pass
        def test_both(bad_end): assert 0
        def test_skips(skips): pass
        def test_skips_late(skips_late): pass
        def test_skips_and_errs(bad_end): pytest.skip("both")
        def test_no_fixture(no_such_fixture): pass
        def test_import(): pytest.importorskip("no_such_module")
        def test_last(module_end): pass
        """,
    "expected failures": """
        import pytest
        @pytest.mark.xfail
        def test_fails(): assert 0
        @pytest.mark.xfail
        def test_passes(): pass
        @pytest.mark.xfail(strict=True, reason="must")
        def test_strict(): pass
        @pytest.mark.xfail(raises=KeyError)
        def test_other_error(): raise ValueError
        @pytest.mark.xfail(run=False)
        def test_not_run(): assert 0
        @pytest.mark.xfail("1 == 2")
        def test_condition(): assert 0
        def test_inside(): pytest.xfail("known")
        @pytest.fixture
        def bad(): raise RuntimeError
        @pytest.mark.xfail
        def test_setup(bad): pass
        @pytest.fixture
        def bad_end():
            yield
            raise RuntimeError
        @pytest.mark.xfail
        def test_teardown(bad_end): pass
        """,
    "types": """
        import pytest
        def test_a(): pass
        @pytest.mark.integration
        def test_b(): assert 0
        @pytest.mark.security
        class TestC:
            def test_d(self): pass
        @pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.compatibility)])
        def test_e(x): assert x == 1
        """,
    "odd functions": """
        async def test_async(): pass
        def test_returns(): return 1
        test_no_function = 1
        def test_default(x=1): assert x
        def test_output(capsys, caplog): print("x")
        def test_exit(): raise SystemExit(3)
        def test_base_exception():
            class Odd(BaseException): pass
            raise Odd
        """,
    "helper names": "class Test: pass\nclass TestEmpty: pass\ndef testfoo(): pass\ndef helper_test(): assert 0\n",
    "import error": "import no_such_module\ndef test_a(): pass",
    "syntax error": "def test_a(:\n",
    "error at import": "def test_a(): pass\nraise RuntimeError('at import')",
    "failed at import": "import pytest\npytest.fail('at import')",
    "exit at import": "raise SystemExit(1)",
    "import or skip": "import pytest\nx = pytest.importorskip('no_such_module')\ndef test_a(): x()",
    "module skip": "import pytest\npytest.skip('all of it', allow_module_level=True)\ndef test_a(): pass",
    "module skip not allowed": "import pytest\npytest.skip('all of it')\ndef test_a(): pass",
    "unittest skip": "import unittest\nraise unittest.SkipTest('all of it')",
    "module mark": "import pytest\npytestmark = [pytest.mark.skipif(True, reason='never')]\ndef test_a(): pass\ndef test_b(): pass",
}

# name → (settings, body)
SETTINGS = {
    "doctest modules": (
        "addopts = --doctest-modules\ndoctest_optionflags = ELLIPSIS",
        '"""\n>>> 1\n1\n"""\ndef f():\n    """\n    >>> f()\n    3\n    """\ndef g():\n    """\n    >>> 1 # doctest: +SKIP\n    2\n    """\ndef test_a(): pass\n',
    ),
    "doctest module skip": ("addopts = --doctest-modules", "import pytest\npytest.skip('all', allow_module_level=True)"),
    "doctest import error": ("addopts = --doctest-modules", "import no_such_module"),
    "doctest continue": (
        "addopts = --doctest-modules --doctest-continue-on-failure --doctest-ignore-import-errors", "import no_such_module"
    ),
    "warnings are errors": (
        "filterwarnings = error",
        "import warnings\ndef test_a(): warnings.warn('x')\ndef test_b(): pass\ndef test_c():\n  open(__file__)\ndef test_d():\n  import gc; gc.collect()",
    ),
    "strict markers": ("addopts = --strict-markers", "import pytest\n@pytest.mark.no_such\ndef test_a(): pass"),
    "unknown marker is an error": ("filterwarnings = error", "import pytest\n@pytest.mark.no_such\ndef test_a(): pass\ndef test_b(): pass"),
    "strict config": ("addopts = --strict-config\nno_such = 1", "def test_a(): pass"),
    "unknown setting is an error": ("filterwarnings = error\nno_such = 1", "def test_a(): pass"),
    "xfail strict": ("xfail_strict = true", "import pytest\n@pytest.mark.xfail\ndef test_a(): pass\n@pytest.mark.xfail\ndef test_b(): assert 0"),
    "stop at the first": ("addopts = -x", "def test_a(): pass\ndef test_b(): assert 0\ndef test_c(): pass"),
    "two failures": ("addopts = --maxfail=2", "def test_a(): assert 0\ndef test_b(): assert 0\ndef test_c(): pass"),
    "names": ("python_functions = check_*\npython_classes = Suite*", "def check_a(): pass\ndef test_b(): assert 0\nclass SuiteX:\n  def check_c(self): pass"),
    "looks": ("addopts = -q -ra --tb=short --durations=3 --show-capture=no --color=yes -l", "def test_a(): assert 0\ndef test_b(): pass"),
    "loud": ("addopts = -vv -rA --tb=line -s --setup-show\nlog_cli = true", "import logging\ndef test_a(tmp_path): logging.warning('x')"),
    "quiet": ("addopts = -qq --tb=no --no-header --no-summary", "def test_a(): assert 0"),
    "cache options": ("addopts = --ff --nf --cache-clear\ncache_dir = .odd", "def test_a(cache):\n  cache.set('a/b', 1)\n  assert cache.get('a/b', 0) == 1"),
    "last failed": ("addopts = --lf --lfnf=all --sw", "def test_a(): assert 0\ndef test_b(): assert 0"),
    "no cache": ("addopts = -p no:cacheprovider --strict-config\nfilterwarnings = error", "def test_a(): pass"),
    "own files": ("addopts = --junitxml=out/junit.xml --basetemp=tmp\njunit_family = xunit1", "def test_a(tmp_path): assert tmp_path.exists()"),
    "not slow": ("addopts = -m 'not slow'\nmarkers = slow", "import pytest\n@pytest.mark.slow\ndef test_a(): assert 0\ndef test_b(): pass"),
    "by name": ("addopts = -k 'not slow'", "def test_slow(): assert 0\ndef test_b(): pass"),
    "deselected": ("addopts = --deselect tests/test_a.py::test_a", "def test_a(): assert 0\ndef test_b(): pass"),
    "import mode": ("addopts = --import-mode=importlib", "def test_a(): assert __name__"),
    "testpaths": ("testpaths = tests", "import os\ndef test_a(pytestconfig): assert str(pytestconfig.rootpath) == os.getcwd()"),
    "unknown option": ("addopts = --no-such", "def test_a(): pass"),
    "missing plugin": ("addopts = -p no_such_plugin", "def test_a(): pass"),
    "required plugin": ("required_plugins = pytest-no-such", "def test_a(): pass"),
    "future version": ("minversion = 999", "def test_a(): pass"),
    "old version": ("minversion = 2.0", "def test_a(): pass"),
    "processes without xdist": ("addopts = -n auto", "def test_a(): pass"),
    "assertions plain": ("addopts = --assert=plain", "def test_a(): assert 1 == 2"),
    "no faulthandler": ("addopts = -p no:faulthandler -p no:terminal", "def test_a(): assert 1 == 2"),
    "faulthandler": ("faulthandler_timeout = 100", "def test_a(): pass"),
    "pythonpath": ("pythonpath = lib", "def test_a():\n  import sys, os\n  assert os.path.abspath('lib') in sys.path"),
}


def plain(folder: str, file: str, out: str, imports: tuple[str, ...]) -> tuple[int, Counter | None, str]:
    """Exit code, cases (None when it did not get as far) and output of pytest itself."""
    env = {"PATH": sys.prefix + "/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "HOME": out}
    if imports:
        env["PYTHONPATH"] = os.pathsep.join(os.path.join(folder, entry) for entry in imports)
    xml = os.path.join(out, "plain.xml")
    done = subprocess.run(
        [sys.executable, "-c", "import sys, pytest; sys.path.pop(0); sys.exit(pytest.main())", file, f"--junitxml={xml}"],
        cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", check=False,
    )  # fmt: skip
    return done.returncode, cases(xml) if os.path.exists(xml) else None, done.stdout


def outcome(case: ElementTree.Element) -> str:
    tags = {element.tag for element in case}
    if "failure" in tags or "error" in tags:
        return "failed" if "failure" in tags else "error"
    skipped = case.find("skipped")
    if skipped is None:
        return "passed"
    return "xfailed" if skipped.get("type") == "pytest.xfail" else "skipped"


def cases(xml: str) -> Counter:
    """How often each (classname, name, outcome) is in a file; a test with two results has the worse."""
    found: Counter = Counter()
    for case in ElementTree.parse(xml).iter("testcase"):
        if case.find("properties/property[@name='weft.synthetic']") is not None:
            continue
        classname, name = case.get("classname", ""), case.get("name", "")
        if name.endswith(".py") and name[:-3].replace("/", ".") == classname:
            # A file as a whole: JUnit has no place for it, and each of the two writers put it elsewhere.
            classname, name = "", classname
        if (classname, name) == ("pytest", "internal"):
            classname, name = "", "tests.test_a"
        # pytest writes #x01 where we write \\x01.
        name = name.encode("unicode_escape").decode().replace("#x00", "\\\\x00")
        found[classname, name, outcome(case)] += 1
    for classname, name, what in list(found):
        if what == "error" and found[classname, name, "failed"]:
            del found[classname, name, what]
        elif what == "error" and found[classname, name, "skipped"]:
            del found[classname, name, "skipped"]
    return +found


@unittest.skipIf(os.environ.get("RULES_TEST_PARITY") == "skip", "another interpreter compares with this version of pytest")
class Parity(CellTest):
    def compare(self, body: str, types: tuple[str, ...] = ("unit",), file: str = "tests/test_a.py", imports: tuple[str, ...] = ()) -> Counter:
        # What a declared option --slow would do is not to be compared.
        self.write(file, body)
        ours: Counter = Counter()
        passed = True
        logs = ""
        for type in types:
            ran = self.cell(body, type=type, file=file, imports=imports)
            passed = passed and ran.verdict == "passed"
            ours += cases(os.path.join(self.folder, "cell.xml"))
            logs += f"{ran.verdict} {ran.reason}\n{ran.log}"
            reported = {case: count for case, count in ran.cell["counts"].items() if case in ("failed", "errors")}
            self.assertIn(ran.verdict, ("passed", "failed", "error"), (reported, logs))
        folder = os.path.join(self.folder, "inputs")
        code, expected, output = plain(folder, file, self.scratch, imports)
        for name in os.listdir(self.scratch):
            path = os.path.join(self.scratch, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        if expected is not None:
            self.assertEqual(sorted(expected.items()), sorted(ours.items()), logs + output)
        self.assertEqual(code in (0, 5), passed, logs + output)
        return expected or Counter()

    def test_bodies(self) -> None:
        for name, body in BODIES.items():
            with self.subTest(name):
                self.compare(body, types=(*TYPES[:2], *TYPES[3:]) if name == "types" else ("unit",))

    def test_settings(self) -> None:
        for name, (settings, body) in SETTINGS.items():
            with self.subTest(name):
                marks = "" if "markers" in settings else "markers =\n  integration\n"
                self.write("pytest.ini", f"[pytest]\n{marks}{settings}\n")
                self.compare(body)

    def test_packages(self) -> None:
        for addopts in ("", "addopts = --doctest-modules"):
            self.write("pytest.ini", f"[pytest]\n{addopts}\n")
            self.write("tests/__init__.py", '"""\n>>> 1\n2\n"""\n')
            self.write("tests/conftest.py", "import pytest\n@pytest.fixture(scope='package')\ndef node(request): return type(request.node).__name__\n")
            self.compare("def test_it(node): assert node == 'Package'")

    def test_module_skip_in_every_type(self) -> None:
        for name in ("import or skip", "module skip", "unittest skip"):
            for type in TYPES:
                ran = self.cell(BODIES[name], type=type)
                self.assertEqual(("passed", 1), (ran.verdict, ran.cell["counts"]["skipped"]), ran.log)

    def test_something_is_compared(self) -> None:
        found = self.compare(BODIES["phases"])
        self.assertEqual({"passed", "failed", "error", "skipped"}, {what for _, _, what in found})


if __name__ == "__main__":
    unittest.main()
