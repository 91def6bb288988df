"""Each isolation of the worker is taken out of a copy of the launcher, and the test that is there for it must then fail."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from harness import LAUNCHER

# What is missing: (file, text, what stands there instead), …, and the test that must see it.
TAKEN_OUT = {
    "the environment's modules are hidden": ("test_modules_of_the_environment", ("warm.py", "            self._hide(visible)\n", "            pass\n")),
    "and their attributes": (
        "test_modules_of_the_environment",
        ("warm.py", "                delattr(sys.modules[parent], child)\n", "                pass\n"),
    ),
    "and each appears once": ("test_modules_of_the_environment", ("warm.py", "        self.appeared.add(name)\n", "")),
    "the project's own module goes first": (
        "test_projects_own_module_of_a_package_that_the_worker_has",
        ("warm.py", "not _resolves_to(one, modules[one], stems)", "False"),
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
    "processes are counted": ("test_fork_bomb", ("processes.py", "LIMIT = 1000", "LIMIT = 20000")),
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


@unittest.skipIf(os.environ.get("RULES_TEST_PARITY") == "skip", "another interpreter does it")
class TakenOut(unittest.TestCase):
    def setUp(self) -> None:
        # What is started in the background may ignore it, and programs inherit that.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))

    def test_each_is_missed(self) -> None:
        for what, (test, *changes) in TAKEN_OUT.items():
            with self.subTest(what):
                self.assertTrue(self.fails(test, changes), f"without this, {test} still passes")

    def test_the_tests_pass_with_all_of_them(self) -> None:
        self.assertFalse(self.fails("test_files", []))

    def fails(self, test: str, changes: list[tuple[str, str, str]]) -> bool:
        """Whether the test fails with a launcher that is changed so."""
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
            [sys.executable, "-B", "-m", "unittest", "test_worker", "-k", "*." + test],
            cwd=os.path.dirname(os.path.abspath(__file__)),
            env={**os.environ, "WEFT_LAUNCHER": launcher},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        self.assertIn("Ran 1 test", done.stderr)
        return done.returncode != 0


if __name__ == "__main__":
    unittest.main()
