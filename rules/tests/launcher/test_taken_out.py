"""Each isolation of the worker is taken out of a copy of the launcher, and the test that is there for it must then fail."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from harness import LAUNCHER

# What is missing: (file, text, what stands there instead), …, and the test that must see it.
TAKEN_OUT = {
    "the environment's modules are hidden": ("test_modules_of_the_environment", ("warm.py", "            self._hide(visible)\n", "            pass\n")),
    "and their attributes": (
        "test_modules_of_the_environment",
        ("warm.py", "                delattr(sys.modules[parent], child)\n", "                pass\n"),
    ),
    "and each appears once": ("test_modules_of_the_environment", ("finder.py", "        self.appeared.add(name)\n", "")),
    "the project's own module goes first": (
        "test_projects_own_module_of_a_package_that_the_worker_has",
        ("finder.py", "not _resolves_to(one, modules[one], stems)", "False"),
    ),
    "plugins are rewritten once": ("test_plugins_of_the_environment", ("quick.py", "        self._replaced.append(_take_rewritten(self._rewritten, config))\n", "")),
    "but for who has it done differently": ("test_plugins_of_the_environment", ("quick.py", ' or config.getini("enable_assertion_pass_hook")', "")),
    "a clean environment": ("test_environment", ("child.py", "    os.environ.clear()\n", "")),
    "a /tmp of its own": ("test_files", ("namespaces.py", "for folder in (TMP, SHM):", "for folder in (SHM,):")),
    "a /dev/shm of its own": ("test_files", ("namespaces.py", "for folder in (TMP, SHM):", "for folder in (TMP,):")),
    "processes of its own": (
        "test_processes",
        ("namespaces.py", " | _NEWPID)", ")"),
        ("gate.py", "        namespaces.mount_proc()\n", ""),
        ("supervise.py", "ending.leftovers = processes.kill_descendants(0.0 if asked else LINGER)", "ending.leftovers = ['one']"),
    ),
    "shared memory of its own": ("test_shared_memory", ("namespaces.py", " | _NEWIPC", "")),
    "a network that a cell can serve itself in": ("test_network", ("namespaces.py", "    _loopback_up()\n    #", "    #")),
    "numbers of its own": (
        "test_random_numbers",
        ("child.py", "        code = body()\n", "        import random\n\n        random.seed(1)\n        code = body()\n"),
    ),
    "descriptors are closed": ("test_open_files_of_the_worker", ("gate.py", "        for fd in closed:\n            os.close(fd)\n", ""), ("child.py", "os.closerange(3, 64)", "pass")),
    "the launcher is sealed": ("test_open_files_of_the_worker", ("gate.py", "        processes.seal(True)\n", "")),
    "signals do not reach the launcher": (
        "test_kills_its_parent",
        ("worker.py", "        signal.signal(signal.SIGINT, signal.SIG_DFL)\n", ""),
    ),
    "processes are counted": ("test_fork_bomb", ("processes.py", "LIMIT = 1000", "LIMIT = 100000")),
    "memory is limited": ("test_memory", ("child.py", "        if memory:", "        if False:")),
    "the kernel takes the test first": ("test_the_kernel_takes_the_test_first", ("child.py", 'file.write("1000")', "pass")),
    "no privileges": ("test_no_privileges_but_the_users", ("child.py", "    namespaces.drop_privileges()\n", "")),
    "a cell's end is its processes' end": (
        "test_the_worker_is_killed",
        ("processes.py", "    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)", "    pass"),
    ),
    "requests are taken back": ("test_cancelled", ("worker.py", 'return bool(other.get("cancel"))', "return False and")),
    "the network is looked at": ("test_without_hardening", ("worker.py", 'if facts["network"] != "loopback":', "if False:")),
    "without loopback nothing runs": ("test_without_loopback", ("namespaces.py", "    except OSError as error:\n        raise Unavailable(f\"the loop", "    except TypeError as error:\n        raise Unavailable(f\"the loop")),
    "what changes the worker is left out": (
        "test_a_package_that_changes_the_worker_is_left_out",
        ("warm.py", "                if not state.same():", "                if False:"),
    ),
}


def _setting(line: str) -> list[tuple[str, str, str]]:
    return [("leftovers.py", f"    {line},\n", "")]


def _fact(line: str, file: str = "leftovers.py") -> list[tuple[str, str, str]]:
    return [(file, f"        {line},\n", "")]


_LISTS = "(sys.path, sys.path_hooks, sys.meta_path, gc.callbacks)"

# The same of cells that share a process: test → the part of it, what is missing then
TAKEN_OUT_OF_BATCH = {
    "test_put_back": {
        "environment": [("leftovers.py", "        os.environ.clear()\n        # What putenv", "        # What putenv"), ("child.py", "    os.environ.clear()\n", "")],
        "variables unseen by os.environ": [("leftovers.py", "        ctypes.CDLL(None).clearenv()\n", "")],
        "folder and mask": [("child.py", "    os.umask(0o022)\n", "")],
        "search path": [("leftovers.py", _LISTS, "(sys.path_hooks, sys.meta_path, gc.callbacks)")],
        "finders": [("leftovers.py", _LISTS, "(sys.path, sys.path_hooks, gc.callbacks)")],
        "arguments": [("child.py", "    sys.argv[:] = argv\n", "    sys.argv.extend(argv)\n")],
        "warnings": [("leftovers.py", "        set_filters(self._filters)\n", "")],
        "locale": _setting("(lambda: locale.setlocale(locale.LC_ALL), lambda value: locale.setlocale(locale.LC_ALL, value))"),
        "signal handlers": _setting("(_handlers, _set_handlers)"),
        "timers": _setting("(_timers, _set_timers)"),
        "settings of the interpreter": _setting("(sys.getrecursionlimit, sys.setrecursionlimit)"),
        "trace functions": _setting("(sys.getprofile, sys.setprofile)"),
        "exception hook": _setting('(lambda: sys.excepthook, lambda hook: setattr(sys, "excepthook", hook))'),
        "socket timeout": _setting("(socket.getdefaulttimeout, socket.setdefaulttimeout)"),
        "decimal": [("leftovers.py", "            context.run(lambda: decimal.setcontext(decimal.getcontext().copy()))\n", "            pass\n")],
        "values of the thread": [("leftovers.py", "        of_thread.clear()\n", "")],
        "logging": [("leftovers.py", "        self._loggers.put_back()\n", "")],
        "random numbers": [("leftovers.py", "            random.seed()\n", "            pass\n")],
        "modules": [("leftovers.py", "            del sys.modules[name]\n", "            pass\n"), ("leftovers.py", "        self._warm.hide_again()\n", "")],
        "finalizers": [("attributes.py", '        "weakref.finalize._shutdown",\n', "")],
    },
    "test_ends_the_process": {
        "threads": _fact('"threads": (len(os.listdir("/proc/self/task")), threading.active_count())'),
        "child processes": _fact('"child processes": _has_children()'),
        "open files": _fact('"open files": _open_files()'),
        "limits": _fact('"limits": [resource.getrlimit(getattr(resource, name)) for name in _LIMITS]'),
        "priority": _fact('"priority": (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0), os.getpgid(0))'),
        "time zone": [*_fact('"time zone": (time.tzname, time.timezone, time.altzone)'), ("attributes.py", "            if not (key in GIVEN_BACK", '            if self._name != "time" and not (key in GIVEN_BACK')],
        "scheduling": _fact('    "scheduling": (os.sched_getscheduler(0), os.sched_getparam(0).sched_priority)', "interpreter.py"),
        "attributes of the process": _fact('    "attributes of the process": _attributes()', "interpreter.py"),
        "rounding": _fact('    "rounding": ctypes.CDLL(None).fegetround() if hasattr(ctypes.CDLL(None), "fegetround") else 0', "interpreter.py"),
        "registered classes": _fact('    "registered classes": abc.get_cache_token()', "interpreter.py"),
        "decimal's contexts": _fact('    "decimal\'s contexts": [repr(getattr(decimal, name)) for name in contexts]', "interpreter.py"),
        "encodings": [("interpreter.py", "if stream is not None\n            ]", "if stream is None\n            ]")],
        "json._default_encoder.skipkeys": [("attributes.py", '        elif not key.startswith("__") and "cache" not in key.lower():', "        elif False:")],
        "json.left": [("attributes.py", "self._length(self._entries) == len(self._values) and ", "")],
        "json.load": [("attributes.py", " and all(map(is_, self._all(self._entries), self._values))", "")],
        "json.decoder.JSONDecoder.raw_decode": [("attributes.py", "                yield full, entries, value\n                yield from", "                yield from")],
        "locale.locale_alias": [("attributes.py", "                yield full, value, None\n", "                pass\n")],
        "another module json": [("leftovers.py", '                return f"another module {name}"\n', "                sys.modules[name] = module\n")],
        "files or shared memory": [("batch.py", "not _emptied() or _shared_memory()", "not _emptied()")],
        "processes": [("supervise.py", "        if processes.alone(pid):\n", "        if True:\n"), ("batch.py", "        if not processes.alone(self.pid):\n", "        if False:\n")],
    },
    "test_shares": {"threads": [("interpreter.py", " & ~_OF_LIBC", "")]},
    "BetweenBatchCells.test_files": {"": [("batch.py", "not _emptied() or _shared_memory()", "_shared_memory()")]},
    "test_exit_of_a_package": {"": [("leftovers.py", "        if module is None or module in self._warm.appeared():\n", "        if False:\n")]},
    "test_a_large_environment": {"": [("batch.py", "            if shared.again and not shared.begun:", "            if False:")]},
    "test_packages": {"": [("finder.py", '        made = own.get("__spec__") is None and "__file__" not in own\n', "        made = False\n")]},
    # The launcher that ends for it does so when the next cell is there.
    "test_deep_folders": {
        "": [("tree.py", "    for folder in found:\n", "    if os.path.exists(path + '/d' * 1000):\n        __import__('time').sleep(3)\n        raise RecursionError\n    for folder in found:\n"), ("batch.py", "        except Exception as error:", "        except OSError as error:")]
    },
    "test_exit": {"": [("leftovers.py", "                atexit.register(function, *arguments, **named)\n", "                pass\n")]},
    "test_a_new_one_after_so_many": {"": [("batch.py", " and len(self.files) < CELLS", "")]},
    "test_others_have_their_own": {"": [("batch.py", '            and not found.get("coverage")\n', "")]},
    "test_fails_by_order": {"": [("batch.py", "        self.again = not passed and (bool(self.files) or forged)\n", "        self.again = False\n")]},
    "test_the_first_stands": {"": [("batch.py", "not passed and (bool(self.files) or forged)", "not passed")]},
    "test_forged": {"": [("batch.py", " or forged)", ")")]},
    "test_the_worker_goes": {
        "": [
            ("processes.py", "    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)", "    pass"),
            ("batch.py", "            if not line:\n", "            while not line:\n                signal.pause()\n            if not line:\n"),
        ]
    },
}


@unittest.skipIf(os.environ.get("RULES_TEST_PARITY") == "skip", "another interpreter does it")
class TakenOut(unittest.TestCase):
    def setUp(self) -> None:
        # What is started in the background may ignore it, and programs inherit that.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))

    def test_each_is_missed(self) -> None:
        for what, (test, *changes) in TAKEN_OUT.items():
            with self.subTest(what):
                self.assertTrue(self.fails("test_worker", test, changes), f"without this, {test} still passes")

    def test_each_is_missed_in_a_batch(self) -> None:
        parts = [(test, what, changes) for test, found in TAKEN_OUT_OF_BATCH.items() for what, changes in found.items()]
        for (test, what, _), fails in self.side_by_side(parts):
            with self.subTest(what):
                self.assertTrue(fails(), f"without this, {test} still passes")

    def test_the_tests_pass_with_all_of_them(self) -> None:
        self.assertFalse(self.fails("test_worker", "test_files", []))

    def test_the_tests_of_a_batch_pass_with_all_of_them(self) -> None:
        parts = [(test, next(iter(found)), []) for test, found in TAKEN_OUT_OF_BATCH.items()]
        for (test, _, _), fails in self.side_by_side(parts):
            self.assertFalse(fails(), test)

    def side_by_side(self, parts: list[tuple[str, str, list]]) -> Iterator[tuple[tuple[str, str, list], Callable[[], bool]]]:
        """Each with what tells whether its test of test_batch.py fails: some at a time, because they mostly wait."""
        with ThreadPoolExecutor(4) as pool:
            yield from [(part, pool.submit(self.fails, "test_batch", part[0], part[2], part[1]).result) for part in parts]

    def fails(self, module: str, test: str, changes: Iterable[tuple[str, str, str]], what: str = "") -> bool:
        """Whether the test (its part what, if it has parts) fails with a launcher that is changed so."""
        folder = tempfile.mkdtemp(dir="/var/tmp")
        self.addCleanup(shutil.rmtree, folder, True)
        launcher = os.path.join(folder, "launcher")
        shutil.copytree(LAUNCHER, launcher, ignore=shutil.ignore_patterns("__pycache__"))
        for name, old, new in changes:
            path = os.path.join(launcher, "weft_launcher", name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertEqual(1, text.count(old), f"{name} no longer has this once: {old}")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(old, new))
        done = subprocess.run(
            [sys.executable, "-B", "-m", "unittest", module, "-k", "*." + test],
            cwd=os.path.dirname(os.path.abspath(__file__)),
            env={**os.environ, "WEFT_LAUNCHER": launcher, "WEFT_TAKEN_OUT": what},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        self.assertIn("Ran 1 test", done.stderr)
        return done.returncode != 0


if __name__ == "__main__":
    unittest.main()
