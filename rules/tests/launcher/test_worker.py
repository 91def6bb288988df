"""The worker: what one cell leaves is nothing to the next, and whatever a test does, Bazel has one clean answer.

test_taken_out.py holds each of these against a launcher from which the very isolation is missing.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import unittest

from harness import LAUNCHER, CellTest, Ran
from worker import Worker


class WorkerTest(CellTest):
    """Runs cells one after the other in one worker."""

    both_ways = False

    def setUp(self) -> None:
        super().setUp()
        self.worker = Worker()
        self.addCleanup(self.worker.end)

    def arguments(self, body: str, **more: object) -> list[str]:
        """Of a cell with that body in tests/test_a.py."""
        self.write(str(more.get("file", "tests/test_a.py")), body)
        imports = more.pop("imports", ())
        out = [os.path.join(self.folder, name) for name in ("cell.json", "cell.xml", "cell.log")]
        for path in out:
            if os.path.exists(path):
                os.unlink(path)
        return [json.dumps(self.facts(**more)), self.manifest(imports=imports), *out]

    def run_cell(self, body: str, **more: object) -> Ran:
        """Runs a cell in the worker."""
        request = self.worker.send(self.arguments(body, **more))
        answer = self.worker.answer()
        self.assertEqual((0, "", request), (answer["exitCode"], answer["output"], answer["requestId"]), self.worker.talk())
        return Ran(self.folder)

    def passes(self, body: str, **more: object) -> Ran:
        """Runs a cell that must pass."""
        ran = self.run_cell(body, **more)
        self.assertEqual("passed", ran.verdict, ran.reason + "\n" + ran.log)
        return ran

    def until(self, happened) -> None:  # noqa: ANN001
        # A machine may stand still for a while; a launcher from which something was taken out never gets there.
        deadline = time.monotonic() + (10 if "WEFT_LAUNCHER" in os.environ else 120)
        while not happened():
            self.assertLess(time.monotonic(), deadline, "it has not happened")
            time.sleep(0.02)


class BetweenCells(WorkerTest):
    def test_modules(self) -> None:
        self.passes("import sys, json.tool, helper\ndef test_it(): sys.modules['made_up'] = sys; json.mark = 1", imports=self.helper("one"))
        self.passes(
            """
            import json, sys
            def test_it():
                assert not hasattr(json, "mark") and not hasattr(json, "tool")
                assert not {"made_up", "json.tool", "helper"}.intersection(sys.modules)
            def test_own():
                import helper
                assert helper.WHO == "two"
            """,
            imports=self.helper("two"),
        )

    def helper(self, who: str) -> tuple[str, ...]:
        self.write("src/helper.py", f"WHO = {who!r}\n")
        return ("src",)

    def test_modules_of_the_environment(self) -> None:
        """What the worker has imported is not there until a test imports it; then it is not made again."""
        self.passes("import wsgiref.headers, xml.dom.minidom, colorsys\ndef test_it(): pass")
        ran = self.passes(
            """
            import sys
            def test_hidden():
                assert not {"wsgiref.headers", "wsgiref", "colorsys"}.intersection(sys.modules)
            def test_appears():
                import xml.dom.minidom
                assert sys.modules["xml.dom.minidom"] is xml.dom.minidom
                assert xml.dom.minidom.parseString("<a/>").documentElement.tagName == "a"
                import wsgiref
                assert not hasattr(wsgiref, "headers")
                import wsgiref.headers
                assert wsgiref.headers.Headers([("a", "b")])["a"] == "b"
                assert xml.__spec__.origin.endswith("__init__.py")
            def test_taken_away(monkeypatch):
                import colorsys
                old = sys.modules.pop("colorsys")
                import colorsys
                assert colorsys is not old
                monkeypatch.setitem(sys.modules, "wsgiref.headers", None)
                try:
                    import wsgiref.headers
                except ImportError:
                    return
                raise AssertionError
            """
        )
        self.assertEqual(3, ran.cell["counts"]["passed"])

    def test_projects_own_module_of_a_package_that_the_worker_has(self) -> None:
        site = os.path.join(self.folder, "site")
        os.mkdir(site)
        for name, text in ("lower", "WHOSE = 'environment'"), ("upper", "import lower\nWHOSE = lower.WHOSE"):
            with open(os.path.join(site, name + ".py"), "w", encoding="utf-8") as file:
                file.write(text)
        self.worker = Worker(path=site)
        self.addCleanup(self.worker.end)
        body = "import upper\ndef test_it(): assert upper.WHOSE == upper.lower.WHOSE == '{}'"
        self.passes(body.format("environment"))
        self.passes(body.format("environment"))
        self.write("own/lower.py", "WHOSE = 'project'\n")
        self.passes(body.format("project"), imports=("own",))
        self.files.pop("own/lower.py")
        self.passes(body.format("environment"))

    def test_plugins_of_the_environment(self) -> None:
        """pytest rewrites the assertions of installed plugins; the worker does it once, but for a project that has it done differently."""
        site = os.path.join(self.folder, "site")
        os.makedirs(os.path.join(site, "checks-1.dist-info"))
        for name, text in (
            ("checks.py", "def agree(a, b):\n    assert a == b\n"),
            ("checks-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: checks\nVersion: 1\n"),
            ("checks-1.dist-info/entry_points.txt", "[pytest11]\nchecks = checks\n"),
            ("checks-1.dist-info/RECORD", "checks.py,,\n"),
        ):
            with open(os.path.join(site, name), "w", encoding="utf-8") as file:
                file.write(text)
        self.worker = Worker(path=site)
        self.addCleanup(self.worker.end)
        body = """
            import checks, pathlib, pytest
            from _pytest.assertion import rewrite
            def test_rewritten():
                with pytest.raises(AssertionError, match="assert 1 == 2"):
                    checks.agree(1, 2)
            def test_once(request):
                kept = rewrite._read_pyc(pathlib.Path(checks.__file__), pathlib.Path("none.pyc"))
                assert (kept is None) == request.config.getini("enable_assertion_pass_hook")
            def test_told(request):
                checks.agree(1, 1)
                assert len(getattr(request.config, "told", [])) == (1 if request.config.getini("enable_assertion_pass_hook") else 0)
            """
        self.passes(body)
        self.write("pytest.ini", "[pytest]\nenable_assertion_pass_hook = true\n")
        self.write("conftest.py", "def pytest_assertion_pass(item, lineno, orig, expl):\n  if orig == 'a == b': item.config.told = [expl]\n")
        self.passes(body)

    def test_environment(self) -> None:
        self.passes("import os\ndef test_it(): os.environ['LEFT'] = '1'; os.putenv('PUT', '1'); os.environ['HOME'] = '/nowhere'")
        self.passes(
            """
            import os, subprocess
            def test_it():
                assert "SECRET" not in os.environ and "LEFT" not in os.environ and os.environ["HOME"] != "/nowhere"
                assert not {"PUT", "SECRET"}.intersection(subprocess.check_output(["env"], text=True).replace("=", "\\n").split())
            """
        )

    def test_files(self) -> None:
        leave = "import os\ndef test_it():\n  for folder in '/tmp', '/dev/shm', os.environ['TMPDIR'], os.environ['HOME']: open(folder + '/left', 'w').close()\n"
        self.passes(leave)
        self.passes(
            """
            import os
            def test_it():
                assert not [f for f in ("/tmp", "/dev/shm", os.environ["TMPDIR"], os.environ["HOME"]) if os.path.exists(f + "/left")]
                assert len(os.listdir("/tmp")) == 1  # its own private tree
            """
        )

    def test_processes(self) -> None:
        ran = self.passes(
            """
            import os, time
            def test_it():
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        time.sleep(1000)
                    os._exit(0)
                os.wait()
            """
        )
        self.assertEqual(1, len(ran.cell["leftovers"]))
        self.passes("import os\ndef test_it(): assert len([p for p in os.listdir('/proc') if p.isdigit()]) == 2")

    def test_network(self) -> None:
        """A cell may serve itself, on a port that the worker's network and the next cell know nothing of."""
        serve = "import socket\ndef test_it():\n  s = socket.create_server(('127.0.0.1', 8765)); socket.create_connection(('127.0.0.1', 8765))\n"
        self.passes(serve)
        self.passes(serve)

    def test_shared_memory(self) -> None:
        self.passes("import ctypes\ndef test_it(): assert ctypes.CDLL(None).shmget(0x5eed, 4096, 0o1600) >= 0")
        self.passes("import ctypes\ndef test_it(): assert ctypes.CDLL(None).shmget(0x5eed, 4096, 0) == -1")

    def test_state_of_the_interpreter(self) -> None:
        spoil = """
            import atexit, builtins, locale, os, signal, sys, threading, warnings
            warnings.simplefilter("error")
            def test_it():
                signal.signal(signal.SIGUSR1, signal.SIG_IGN)
                signal.alarm(1000)
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
                locale.setlocale(locale.LC_ALL, "C")
                threading.Thread(target=threading.Event().wait, daemon=True).start()
                sys.path.insert(0, "/left")
                sys.setrecursionlimit(4321)
                builtins.left = 1
                os.chdir("/")
                os.umask(0o777)
                os.nice(3)
                os.open("/etc/passwd", os.O_RDONLY)
            """
        look = """
            import builtins, locale, os, signal, sys, threading, warnings
            FACTS = repr([
                signal.getsignal(signal.SIGUSR1), signal.alarm(0), signal.pthread_sigmask(signal.SIG_BLOCK, []), locale.setlocale(locale.LC_ALL),
                threading.active_count(), [p for p in sys.path if "left" in p], sys.getrecursionlimit(), hasattr(builtins, "left"),
                os.path.basename(os.getcwd()), os.umask(0o022), os.nice(0), [f for f in os.listdir("/proc/self/fd") if int(f) > 2].__len__(),
                [f[0] for f in warnings.filters if f[1] is None], os.getpgid(0) == os.getpid(), os.getpriority(os.PRIO_PROCESS, 0),
            ])
            def test_it(): raise AssertionError(FACTS)
            """
        before = self.run_cell(look).reason
        self.passes(spoil)
        self.assertEqual(before, self.run_cell(look).reason)

    def test_random_numbers(self) -> None:
        say = "import random\ndef test_it(): raise AssertionError(f'{random.random()} {random.getrandbits(64)}')"
        self.assertNotEqual(self.run_cell(say).reason, self.run_cell(say).reason)

    def test_open_files_of_the_worker(self) -> None:
        """Neither Bazel's pipe nor the pipe of the launcher can be written to."""
        for body in (
            "import os\ndef test_it():\n  for fd in range(3, 300):\n    try: os.write(fd, b'{garbage}\\n')\n    except OSError: pass\n",
            """
            import os
            def test_it():
                for pid in filter(str.isdigit, os.listdir("/proc")):
                    if pid == str(os.getpid()):
                        continue
                    for fd in range(300):
                        try:
                            with open(f"/proc/{pid}/fd/{fd}", "wb", buffering=0) as file:
                                file.write(b"{garbage}\\n")
                        except OSError:
                            pass
            """,
        ):
            self.passes(body)

    def test_thousand_cells_leave_nothing_in_the_worker(self) -> None:
        arguments = self.arguments("def test_it(): pass")
        counts = []
        for cells in (5, 60):
            for _ in range(cells):
                self.worker.send(arguments)
                self.assertEqual(0, self.worker.answer()["exitCode"])
            folder = f"/proc/{self.worker.process.pid}"
            with open(folder + "/mountinfo", encoding="utf-8") as mounts:
                counts.append((len(os.listdir(folder + "/fd")), len(mounts.readlines()), children(self.worker.process.pid)))
        self.assertEqual(counts[0], counts[1])


class Hostile(WorkerTest):
    def test_kills_its_parent(self) -> None:
        for number in ("SIGKILL", "SIGTERM", "SIGINT", "SIGSEGV", "SIGSTOP"):
            self.passes(f"import os, signal\ndef test_it():\n  os.kill(os.getppid(), signal.{number})\n")

    def test_kills_all_that_it_can(self) -> None:
        self.passes("import os\ndef test_it():\n  try: os.kill(-1, 9)\n  except ProcessLookupError: pass\n")

    def test_fork_bomb(self) -> None:
        # It ends by itself at 3000 processes, so that a launcher that does not count leaves the machine usable.
        ran = self.run_cell(
            "import os, time\ndef test_it():\n  first = os.getpid()\n  tokens, put = os.pipe()\n  os.write(put, b'x' * 3000)\n  os.close(put)\n"
            "  while os.read(tokens, 1):\n    try: os.fork()\n    except OSError: pass\n  time.sleep(3)\n  if os.getpid() != first: os._exit(0)\n",
            timeout=50,
        )
        self.assertEqual("crashed", ran.verdict)
        self.assertIn("more than 1000 processes at once in tests/test_a.py::test_it", ran.reason)
        self.passes("import os\ndef test_it(): assert len([p for p in os.listdir('/proc') if p.isdigit()]) == 2")

    def test_memory(self) -> None:
        ran = self.run_cell("def test_it(): bytearray(1 << 30)\ndef test_other(): bytearray(1 << 20)", memoryMegabytes=600)
        self.assertEqual(("failed", 1), (ran.verdict, ran.cell["counts"]["passed"]))
        self.assertIn("test_it failed: MemoryError", ran.reason)
        self.passes("def test_it(): bytearray(1 << 30)")

    def test_the_kernel_takes_the_test_first(self) -> None:
        self.passes("def test_it(): assert open('/proc/self/oom_score_adj').read() == '1000\\n'")
        with open(f"/proc/{self.worker.process.pid}/oom_score_adj", encoding="ascii") as file:
            self.assertNotEqual("1000\n", file.read())

    def test_hangs(self) -> None:
        ran = self.run_cell("import time\ndef test_it(): time.sleep(1000)", timeout=2)
        self.assertEqual("timeout", ran.verdict)
        self.passes("def test_it(): pass")

    def test_prints_to_the_worker(self) -> None:
        self.passes("import os, sys\ndef test_it():\n  for fd in 0, 1, 2: \n    try: os.write(fd, b'{\"exitCode\": 7}\\n')\n    except OSError: pass\n")

    @unittest.skipUnless(os.getuid() == 0, "it takes root to become somebody else")
    def test_no_privileges_but_the_users(self) -> None:
        """Whoever may not write to a folder outside of a worker may not do so within."""
        for path in (self.folder, self.scratch):
            os.chmod(path, 0o777)
        nobody = 65534
        shutil.copytree(LAUNCHER, os.path.join(self.folder, "launcher"))
        ordinary = Worker(launcher=os.path.join(self.folder, "launcher"), user=nobody)
        self.addCleanup(ordinary.end)
        arguments = self.arguments("import os, pytest\ndef test_it(tmp_path):\n  tmp_path.chmod(0o500)\n  with pytest.raises(PermissionError): open(tmp_path / 'x', 'w')\n")
        ordinary.send(arguments)
        self.assertEqual(0, ordinary.answer()["exitCode"], ordinary.talk())
        self.assertEqual("passed", Ran(self.folder).verdict, Ran(self.folder).log)


class Protocol(WorkerTest):
    def test_cancelled(self) -> None:
        request = self.worker.send(self.arguments("import time\ndef test_it(): open('/dev/shm/x', 'w'); time.sleep(1000)", timeout=600))
        self.wait_for_the_test()
        self.worker.write({"requestId": request, "cancel": True})
        self.assertEqual({"exitCode": 0, "output": "", "requestId": request, "wasCancelled": True}, self.worker.answer())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "cell.json")))
        self.assertEqual([], children(self.worker.process.pid))
        self.passes("def test_it(): pass")

    def test_cancelled_too_late(self) -> None:
        request = self.worker.send(self.arguments("def test_it(): pass"))
        self.assertEqual(request, self.worker.answer()["requestId"])
        self.worker.write({"requestId": request, "cancel": True})
        self.passes("def test_it(): pass")

    def test_bazel_goes_away(self) -> None:
        self.worker.send(self.arguments("import time\ndef test_it(): time.sleep(1000)", timeout=600))
        self.wait_for_the_test()
        self.assertEqual(0, self.worker.end())

    def test_the_worker_is_killed(self) -> None:
        """Nothing of it goes on."""
        mark = f"weft-test-{os.getpid()}"
        self.worker.send(self.arguments(f"import subprocess\ndef test_it(): subprocess.run(['sh', '-c', 'sleep 1000; : {mark}'])", timeout=600))
        self.until(lambda: alive(mark))
        for pid in descendants(self.worker.process.pid):
            self.addCleanup(kill, pid)
        self.worker.process.send_signal(signal.SIGKILL)
        self.until(lambda: not alive(mark))

    def test_the_launcher_is_killed(self) -> None:
        """From outside: an answer that says so, and the next cell runs."""
        request = self.worker.send(self.arguments("import time\ndef test_it(): time.sleep(1000)", timeout=600))
        self.wait_for_the_test()
        os.kill(children(self.worker.process.pid)[0], signal.SIGKILL)
        self.assertEqual({"exitCode": 1, "output": "weft: the cell's launcher was killed\n", "requestId": request}, self.worker.answer())
        self.passes("def test_it(): pass")

    def test_without_hardening(self) -> None:
        open_to_all = Worker(network=True)
        self.addCleanup(open_to_all.end)
        open_to_all.send(self.arguments("def test_it(): pass"))
        answer = open_to_all.answer()
        self.assertEqual(1, answer["exitCode"])
        self.assertRegex(answer["output"], "^weft: worker not hardened: the network can be reached .*--experimental_worker_sandbox_hardening\n$")

    def test_without_loopback(self) -> None:
        deprived = Worker(sockets=False)
        self.addCleanup(deprived.end)
        deprived.send(self.arguments("def test_it(): pass"))
        answer = deprived.answer()
        self.assertEqual((1, "weft: worker not hardened: the loopback device: Operation not permitted\n"), (answer["exitCode"], answer["output"]))

    def test_a_package_that_changes_the_worker_is_left_out(self) -> None:
        """It begins anew without it, unseen by Bazel: here for a module that changes os.environ."""
        site = os.path.join(self.folder, "site")
        os.mkdir(site)
        with open(os.path.join(site, "changes_things.py"), "w", encoding="utf-8") as file:
            file.write("import os\nos.environ['CHANGED'] = '1'\n")
        changed = Worker(path=site)
        self.addCleanup(changed.end)
        body = "import os\ndef test_before(): assert 'CHANGED' not in os.environ\ndef test_it():\n  import changes_things\n  assert os.environ['CHANGED']\n"
        for _ in range(3):
            changed.send(self.arguments(body))
            self.assertEqual(0, changed.answer()["exitCode"], changed.talk())
            self.assertEqual("passed", Ran(self.folder).verdict, Ran(self.folder).log)
        with open(f"/proc/{changed.process.pid}/cmdline", "rb") as file:
            self.assertIn(b"--refuse=changes_things", file.read())

    def wait_for_the_test(self) -> None:
        """Until the gate, the launcher and the test are there."""
        self.until(lambda: len(descendants(self.worker.process.pid)) == 3)


def children(pid: int) -> list[int]:
    """Pids of a process's children."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    """Pids of its children, theirs, and so on."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def kill(pid: int) -> None:
    """Ends a process, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def alive(mark: str) -> bool:
    """Whether a process has mark in its command line."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if mark.encode() in file.read():
                    return True
        except OSError:
            pass
    return False


if __name__ == "__main__":
    unittest.main()
