"""Tests that do what tests should not: the result still says what happened, and nothing stays behind."""

from __future__ import annotations

import os
import time
import unittest

from harness import CellTest


def alive(marker: str) -> list[str]:
    """Pids of processes whose command line holds marker."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if marker.encode() in file.read():
                    found.append(pid)
        except OSError:
            pass
    return found


class Output(CellTest):
    def test_100_megabytes_captured(self) -> None:
        ran = self.cell("def test_loud():\n    for _ in range(100): print('x' * 2**20)\n    assert 0", timeout=100)
        self.assertEqual("failed", ran.verdict)
        self.assertLess(len(ran.xml), 1_000_000)
        self.assertLess(len(ran.log), 100_000)
        self.assertTrue(any(note.startswith("log cut: ") for note in ran.cell["notes"]), ran.cell["notes"])
        self.assertIn("characters left out here", ran.cases["test_loud"].find("system-out").text)

    def test_100_megabytes_past_pytest(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = -s\n")
        ran = self.cell("import os\ndef test_loud():\n    for _ in range(100): os.write(1, b'x' * 2**20)", timeout=100)
        self.assertEqual("passed", ran.verdict)
        self.assertIn("first and last 32768 kept", ran.cell["notes"][0])
        self.assertIn("1 passed", ran.log, "the end of the log is kept")
        self.assertIn("test session starts", ran.log, "its beginning too")

    def test_invalid_utf8_and_control_characters(self) -> None:
        ran = self.cell(
            r"""
            import os, sys
            def test_bytes():
                os.write(1, b"\xff\xfe\x80 bytes\n")
                os.write(2, b"\x00\x01\x1b[31m\n")
                print("\ud800 lone", file=open(1, "w", closefd=False, errors="surrogatepass"))
                raise ValueError("bad \x00\x07\ud800\ufffe ]]> & <b> \u2028 \U0001f600")
            """
        )
        self.assertEqual("failed", ran.verdict)
        failure = ran.cases["test_bytes"].find("failure")
        self.assertIn(r"bad \x00\x07\ud800\ufffe ]]> & <b>", failure.get("message"))
        self.assertIn("\U0001f600", failure.get("message"))
        self.assertIn("\ufffd", ran.log)

    def test_stdout_is_replaced(self) -> None:
        ran = self.cell(
            """
            import io, sys
            def test_replaces():
                sys.stdout = sys.__stdout__ = io.StringIO()
                sys.stderr = sys.__stderr__ = None
            def test_fails(): assert 0
            """
        )
        self.assertEqual("failed", ran.verdict)
        self.assertEqual({1}, {ran.cell["counts"]["passed"], ran.cell["counts"]["failed"]})

    def test_text_that_looks_like_a_journal(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = -s\n")
        ran = self.cell(
            """
            import os
            def test_lies():
                for fd in (1, 2): os.write(fd, b'{"event": "end", "exit": 0}\\n{"event": "finish", "id": "x", "outcome": "passed"}\\n')
                os._exit(0)
            """
        )
        self.assertEqual(("crashed", "os._exit(0) in tests/test_a.py::test_lies"), (ran.verdict, ran.reason))

    def test_file_descriptors_are_closed(self) -> None:
        for opened in ("", "spare = [open('mine.txt', 'w') for _ in range(64)]"):
            ran = self.cell(
                f"""
                import os
                def test_closes():
                    os.closerange(3, 4096)
                    {opened}
                def test_after():
                    if os.path.exists('mine.txt'):
                        assert open('mine.txt').read() == ''
                """
            )
            self.assertLessEqual({"test_closes", "test_after"}, set(ran.cases), ran.log)
            # pytest's own files are closed too: depending on its version that is its error or the test's.
            self.assertIn(ran.verdict, ("error", "failed"))

    def test_stdin_is_empty(self) -> None:
        self.write("pytest.ini", "[pytest]\naddopts = -s\n")
        ran = self.cell("import sys\ndef test_reads(): assert sys.stdin.read() == ''", timeout=10)
        self.assertEqual("passed", ran.verdict)


class Names(CellTest):
    def test_every_character(self) -> None:
        ran = self.cell(
            r"""
            import pytest
            NAMES = ["with space", "quote\"'", "<tag>&amp;", "a|b", "emoji \U0001f4a5", "new\nline", "nul\x00", "tab\t", "]]>", "a::b", "\x1b[0m"]
            @pytest.mark.parametrize("x", NAMES, ids=str)
            def test_it(x): assert x != "a|b"
            """
        )
        self.assertEqual(11, ran.cell["counts"]["tests"])
        self.assertEqual(11, len(ran.cases), sorted(ran.cases))
        for name in ("test_it[with space]", "test_it[quote\"']", "test_it[<tag>&amp;]", "test_it[a::b]", "test_it[]]>]"):
            self.assertEqual("tests.test_a", ran.cases[name].get("classname"))
        self.assertIsNotNone(ran.cases["test_it[a|b]"].find("failure"))

    def test_names_that_a_hook_makes_unprintable(self) -> None:
        self.write(
            "tests/conftest.py",
            r"""
            def pytest_collection_modifyitems(items):
                for item in items:
                    item._nodeid += "[\x01\n\x1b]"
            """,
        )
        ran = self.cell("def test_it(): pass")
        self.assertEqual(("passed", 1), (ran.verdict, ran.cell["counts"]["tests"]))
        self.assertIn("test_it[\\x01\n\\x1b]", ran.cases)

    def test_5000_parameters(self) -> None:
        ran = self.cell("import pytest\n@pytest.mark.parametrize('x', range(5000))\ndef test_it(x): assert x != 4999")
        self.assertEqual((5000, 1), (ran.cell["counts"]["tests"], ran.cell["counts"]["failed"]))
        self.assertEqual(5000, len(ran.cases))


class Processes(CellTest):
    def test_daemon_is_killed_and_named(self) -> None:
        marker = f"weft-daemon-{os.getpid()}"
        ran = self.cell(
            f"""
            import os, subprocess, sys, time
            def test_daemon():
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
                        os.execv(sys.executable, [sys.executable, "-c", code, "{marker}"])
                    os._exit(0)
                os.wait()
                time.sleep(0.3)
            """
        )
        self.assertEqual("passed", ran.verdict, ran.log)
        self.assertEqual(1, len(ran.cell["leftovers"]), ran.cell)
        self.assertRegex(ran.cell["leftovers"][0], r"process python.* \(killed\)")
        self.assertEqual([], alive(marker))

    def test_child_that_holds_the_log_open(self) -> None:
        begin = time.monotonic()
        ran = self.cell("import subprocess\ndef test_it(): subprocess.Popen(['sleep', '50'])")
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(("passed", ["process sleep (killed)"]), (ran.verdict, ran.cell.get("leftovers")))

    def test_children_of_a_hanging_test(self) -> None:
        marker = f"weft-child-{os.getpid()}"
        self.cell(
            f"""
            import subprocess, sys, time
            def test_it():
                subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "{marker}"], start_new_session=True)
                time.sleep(60)
            """,
            timeout=self.patience(),
        )
        self.assertEqual([], alive(marker))

    def test_fork_that_comes_back(self) -> None:
        # The copy returns into pytest and would report everything twice; whether its summary still gets into the log is chance.
        self.both_ways = False
        ran = self.cell("import os\ndef test_fork(): os.fork()\ndef test_next(): pass")
        self.assertEqual(2, ran.cell["counts"]["tests"])

    def test_multiprocessing_spawn(self) -> None:
        ran = self.cell(
            """
            import __main__, multiprocessing
            def test_main_is_not_the_launcher():
                assert not hasattr(__main__, "__file__") and not hasattr(__main__, "cell")
            def double(x): return 2 * x
            def test_it():
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    assert pool.map(double, [1, 2]) == [2, 4]
            """
        )
        self.assertEqual("passed", ran.verdict, ran.log)

    def test_exit_handlers_run(self) -> None:
        ran = self.cell(
            """
            import atexit, subprocess
            def test_it():
                helper = subprocess.Popen(["sleep", "50"])
                atexit.register(lambda: (helper.kill(), helper.wait()))
            """
        )
        self.assertNotIn("leftovers", ran.cell)


class Files(CellTest):
    def test_changed_folder_and_leftover_files(self) -> None:
        ran = self.cell(
            """
            import os, pathlib
            def test_moves(tmp_path):
                os.chdir(tmp_path)
                (tmp_path / "closed").mkdir()
                (tmp_path / "closed" / "file").write_text("x")
                os.chmod(tmp_path / "closed" / "file", 0)
                os.chmod(tmp_path / "closed", 0)
                pathlib.Path(os.environ["HOME"], "left").write_text("x")
            def test_next(): assert 0
            """
        )
        self.assertEqual(["tests/test_a.py"], list({case.get("file") for case in ran.cases.values()}))

    def test_cwd_is_removed(self) -> None:
        ran = self.cell(
            """
            import os, shutil
            def test_removes():
                tree = os.getcwd()
                os.chdir("/")
                shutil.rmtree(tree)
            """
        )
        self.assertEqual(1, ran.cell["counts"]["passed"])

    def test_tree_holds_copies_of_what_is_declared(self) -> None:
        real = os.path.join(self.folder, "checkout", "data.txt")
        os.makedirs(os.path.dirname(real))
        with open(real, "w", encoding="utf-8") as file:
            file.write("declared")
        link = os.path.join(self.folder, "inputs", "tests", "data.txt")
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(real, link)
        self.files["tests/data.txt"] = link
        with open(os.path.join(self.folder, "inputs", "tests", "undeclared.txt"), "w", encoding="utf-8"):
            pass
        ran = self.cell(
            """
            import os, pathlib
            HERE = pathlib.Path(os.path.realpath(__file__)).parent
            def test_paths():
                assert os.getcwd() == os.path.realpath(HERE.parent)
                assert sorted(p.name for p in HERE.iterdir() if p.name != "__pycache__") == ["data.txt", "test_a.py"]
                (HERE / "data.txt").write_text("changed")
            """
        )
        self.assertEqual("passed", ran.verdict, ran.log)
        with open(real, encoding="utf-8") as file:
            self.assertEqual("declared", file.read(), "a test cannot write into the checkout")

    def test_environment_is_clean(self) -> None:
        ran = self.cell(
            """
            import os, sys, tempfile
            def test_variables():
                allowed = {"HOME", "LANG", "LOGNAME", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONNOUSERSITE",
                    "PYTHONPATH", "TEST_TMPDIR", "TMPDIR", "TZ", "USER", "WEFT_ENVIRONMENT", "WEFT_TYPE", "PYTEST_CURRENT_TEST",
                    "PYTEST_VERSION", "MINE"}
                assert set(os.environ) <= allowed, set(os.environ) - allowed
                assert os.environ["PATH"] == sys.prefix + "/bin"
                assert os.environ["MINE"] == "yes"
                assert os.listdir(os.environ["HOME"]) == []
                assert tempfile.gettempdir() == os.environ["TMPDIR"]
            def test_search_path():
                tree = os.getcwd()
                assert sys.path[:2] == [tree + "/tests", sys.prefix + "/bin"] and sys.path[2] == tree + "/src", sys.path
                assert os.environ["PYTHONPATH"] == tree + "/src"
                assert not [p for p in sys.path if "launcher" in p and not p.startswith(tree)]
            """,
            imports=("src",),
            env={"MINE": "yes"},
        )
        self.assertEqual("passed", ran.verdict, ran.log)


if __name__ == "__main__":
    unittest.main()
