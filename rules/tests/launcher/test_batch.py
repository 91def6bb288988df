"""isolation = "batch": cells that share a test process find nothing of each other, and only a pass of theirs counts.

test_taken_out.py holds these too against a launcher from which the very thing is missing.
"""

from __future__ import annotations

import os
import signal
import time
import unittest
from importlib.util import find_spec

import test_worker
from harness import Ran
from worker import Worker

# Told with each cell: which process it ran in. Pids and namespaces come again, the time of a start does not.
WHERE = """
def test_where(record_property):
    import os
    stat = open("/proc/self/stat").read().rpartition(")")[2].split()
    record_property("process", f"{os.readlink('/proc/self/ns/pid')} {os.getpid()} {stat[19]}")
"""


class BatchTest(test_worker.WorkerTest):
    """Runs cells that may share a process."""

    # Whether a cell may pass only in a process of its own.
    alone_too = False

    def setUp(self) -> None:
        super().setUp()
        self.warm_up()

    def facts(self, *given: object, **more: object) -> dict:
        return super().facts(*given, **{"isolation": "batch", **more})

    def warm_up(self) -> None:
        """Runs a cell that imports what others do, so that these teach the worker nothing."""
        names = "atexit, copyreg, csv, ctypes, decimal, json, locale, logging, multiprocessing, random, resource, socket, subprocess"
        self.told(f"import {names}, tempfile, tracemalloc, weakref\n", isolation="file")

    def shares(self, one: Ran, other: Ran) -> bool:
        """Whether two cells ran in the same process."""
        found = [ran.cases["test_where"].find("properties/property").get("value") for ran in (one, other)]
        return found[0] == found[1]

    def passes(self, body: str, **more: object) -> Ran:
        ran = super().passes(body, **more)
        if not self.alone_too:
            self.assertNotIn("notes", ran.cell)
        return ran

    def told(self, body: str, **more: object) -> Ran:
        """Runs a cell that must pass, and that tells where."""
        return self.passes(body + WHERE, **more)


@unittest.skipIf(os.environ.get("RULES_TEST_PARITY") == "skip", "another interpreter does it")
class BetweenBatchCells(BatchTest, test_worker.BetweenCells):
    """All that cells in processes of their own do not find of each other, nor do these."""

    def test_open_files_of_the_worker(self) -> None:
        """Who writes to all that is open spoils the channel of its own process, and runs again."""
        self.alone_too = True
        super().test_open_files_of_the_worker()

    def test_thousand_cells_leave_nothing_in_the_worker(self) -> None:
        """Nor in the processes that go on."""
        counts = []
        for cells in (5, 40):
            for _ in range(cells):
                self.told("")
            pids = [self.worker.process.pid, *test_worker.descendants(self.worker.process.pid)]
            # The one that ran the cell is still putting things back when the answer is there, with three more: the fewest count.
            looks = [[len(os.listdir(f"/proc/{pid}/fd")) for pid in pids] for _ in range(50) if not time.sleep(0.02)]
            counts.append([min(look) for look in zip(*looks)])
        self.assertEqual(4, len(counts[0]))
        self.assertEqual(counts[0], counts[1])


@unittest.skipIf(os.environ.get("RULES_TEST_PARITY") == "skip", "another interpreter does it")
class HostileBatch(BatchTest, test_worker.Hostile):
    """Whatever such a cell does, Bazel has one clean answer too."""


@unittest.skipIf(os.environ.get("RULES_TEST_PARITY") == "skip", "another interpreter does it")
class BatchProtocol(BatchTest, test_worker.Protocol):
    """The same words with Bazel."""


class Sharing(BatchTest):
    def test_one_process(self) -> None:
        first = self.told("")
        for _ in range(3):
            self.assertTrue(self.shares(first, self.told("")), self.worker.talk())

    def test_others_have_their_own(self) -> None:
        self.alone_too = True  # an environment without pytest-cov says so
        self.told("", coverage=True)
        first = self.told("")
        for more in ({"isolation": "file"}, {"coverage": True}):
            self.assertFalse(self.shares(first, self.told("", **more)), more)
        self.assertTrue(self.shares(first, self.told("")), self.worker.talk())
        self.assertFalse(self.shares(first, self.told("", memoryMegabytes=4000)))

    def test_a_new_one_after_so_many(self) -> None:
        ran = [self.told("") for _ in range(66)]
        self.assertEqual(64, [self.shares(ran[0], one) for one in ran].index(False))

    def test_a_module_of_the_environment(self) -> None:
        """What a cell has imported first, the next process has ready."""
        one, two, three = (self.told("import wave, colorsys\n") for _ in range(3))
        self.assertFalse(self.shares(one, two))
        self.assertTrue(self.shares(two, three), self.worker.talk())

    def test_exit(self) -> None:
        """What is done at a process's end is done at each cell's."""
        body = "import logging, os\nclass H(logging.Handler):\n  def flush(self): os.write(1, b'good bye\\n')\nKEPT = H()\n"
        one, two, three = (self.told(body) for _ in range(3))
        self.assertTrue(self.shares(two, three), self.worker.talk())
        for ran in one, two, three:
            self.assertEqual(1, ran.log.count("good bye"), ran.log)

    def test_a_large_environment(self) -> None:
        """An order that is too long for the channel: its cell begins a process, and nobody is to blame."""
        first = self.told("")
        ran = self.told("import os\nassert len(os.environ['LARGE']) == 120000\n", env={f"LARGE{'_' * n}": "x" * 120000 for n in range(4)} | {"LARGE": "x" * 120000})
        self.assertFalse(self.shares(first, ran))

    def test_exit_of_a_package(self) -> None:
        """What a package does at the exit may close what the next cell needs: it is done, and the process is not used again."""
        site = os.path.join(self.folder, "site")
        os.mkdir(site)
        with open(os.path.join(site, "says.py"), "w", encoding="utf-8") as file:
            file.write("import atexit, os\natexit.register(os.write, 1, b'by os\\n')\ndef bye(): os.write(1, b'good bye\\n')\natexit.register(bye)\n")
        self.worker = Worker(path=site)
        self.addCleanup(self.worker.end)
        self.warm_up()
        for _ in range(3):
            ran = self.told("import says\n")
            self.assertEqual(1, ran.log.count("good bye"), ran.log)
        one, two, three = (self.told("") for _ in range(3))
        self.assertNotIn("good bye", two.log)
        self.assertIn("by os", two.log)

    def test_deep_folders(self) -> None:
        """Folders deeper than Python's calls can be, in a place that all cells have."""
        self.told("import os\ndef test_it():\n  os.chdir('/tmp')\n  for _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n")
        self.told("import os\ndef test_it(): assert 'd' not in os.listdir('/tmp')\n")

    def test_packages(self) -> None:
        """What a package's import sets for its cell it sets in a shared process too; what it makes without a file appears with it."""
        site = os.path.join(self.folder, "site")
        os.mkdir(site)
        with open(os.path.join(site, "precise.py"), "w", encoding="utf-8") as file:
            file.write("import decimal, sys, types\ndecimal.getcontext().prec = 50\nsys.modules['made_by_precise'] = types.ModuleType('made_by_precise')\n")
        self.worker = Worker(path=site)
        self.addCleanup(self.worker.end)
        self.warm_up()
        body = "import decimal, precise, sys\ndef test_it():\n  assert decimal.getcontext().prec == 50\n  assert 'made_by_precise' in sys.modules\n"
        ran = [self.told(body) for _ in range(4)]
        self.assertTrue(self.shares(ran[2], ran[3]), self.worker.talk())

    def test_the_worker_goes(self) -> None:
        for end in (lambda worker: worker.process.send_signal(signal.SIGKILL), Worker.end):
            self.worker = Worker()
            self.addCleanup(self.worker.end)
            self.warm_up()
            self.told("")
            waiting = test_worker.descendants(self.worker.process.pid)
            self.assertEqual(3, len(waiting))
            end(self.worker)
            self.until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in waiting))  # noqa: B023 - called at once


# What a cell leaves that is put back: (what it does, what the next one finds in the same process)
PUT_BACK = {
    "environment": ("import os\nos.environ['LEFT'] = '1'\ndel os.environ['HOME']\n", "import os\nassert 'LEFT' not in os.environ and os.environ['HOME']\n"),
    "variables unseen by os.environ": ("import os\nos.putenv('LEFT', '1')\n", "import subprocess\nassert b'LEFT' not in subprocess.check_output(['env'])\n"),
    "folder and mask": ("import os\nos.chdir('/')\nos.umask(0)\n", "import os\nassert os.path.exists('tests/test_a.py')\nassert os.umask(0o22) == 0o22\n"),
    "search path": ("import sys\nsys.path.insert(0, '/left')\nsys.path_hooks.clear()\n", "import sys\nassert '/left' not in sys.path and sys.path_hooks\n"),
    "finders": ("import sys\nclass F:\n  def find_spec(*a): return None\nsys.meta_path.insert(0, F)\n", "import sys\nassert not [f for f in sys.meta_path if f.__class__ is type and f.__name__ == 'F']\n"),
    "arguments": ("import sys\nsys.argv.append('left')\n", "import sys\nassert 'left' not in sys.argv\n"),
    "warnings": (
        "import atexit, warnings\natexit.register(warnings.filterwarnings, 'error', 'left')\n",
        "import warnings\nassert not [f for f in warnings.filters if f[1] is not None and f[1].pattern == 'left']\n",
    ),
    "locale": ("import locale\nlocale.setlocale(locale.LC_ALL, 'C')\n", "import locale\nassert locale.setlocale(locale.LC_CTYPE) == LOCALE\n"),
    "signal handlers": (
        "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])\n",
        "import signal\nassert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL and not signal.pthread_sigmask(signal.SIG_BLOCK, [])\n",
    ),
    "timers": ("import signal\nsignal.alarm(1000)\n", "import signal\nassert signal.alarm(0) == 0\n"),
    "settings of the interpreter": (
        "import gc, sys\nsys.setrecursionlimit(4321)\ngc.disable()\ngc.set_threshold(5)\ngc.callbacks.append(lambda *a: None)\nsys.setswitchinterval(1)\n",
        "import gc, sys\nassert sys.getrecursionlimit() != 4321 and gc.isenabled() and gc.get_threshold()[0] != 5\n"
        "assert sys.getswitchinterval() < 1 and not [c for c in gc.callbacks if c.__name__ == '<lambda>']\n",
    ),
    "trace functions": ("import sys\nsys.setprofile(lambda *a: None)\n", "import sys\nassert sys.getprofile() is None\n"),
    "exception hook": ("import sys\nsys.excepthook = print\n", "import sys\nassert sys.excepthook is not print\n"),
    "socket timeout": ("import socket\nsocket.setdefaulttimeout(5)\n", "import socket\nassert socket.getdefaulttimeout() is None\n"),
    "decimal": ("import decimal\ndecimal.getcontext().prec = 3\n", "import decimal\nassert decimal.getcontext().prec == 28\n"),
    "logging": (
        "import logging\nlogging.getLogger('left').setLevel(1)\nlogging.getLogger().addHandler(logging.NullHandler())\nlogging.disable(50)\n",
        "import logging\nassert 'left' not in logging.root.manager.loggerDict and logging.root.manager.disable == 0\n"
        "assert not [h for h in logging.root.handlers if type(h) is logging.NullHandler]\n",
    ),
    "random numbers": (
        "import random\nrandom.seed(1)\nFIRST = random.random()\nrandom.seed(1)\n",
        "import random\nfound = random.random()\nrandom.seed(1)\nassert found != random.random()\n",
    ),
    "modules": (
        "import sys, types\nsys.modules['left'] = types.ModuleType('left')\n",
        "import sys\nassert not {'left', 'wave'}.intersection(sys.modules)\nassert len([m for m in sys.modules if m.endswith('test_a')]) == 1\n",
    ),
    "values of the thread": (
        "import ctypes\nget = ctypes.PyDLL(None).PyThreadState_GetDict\nget.restype = ctypes.c_void_p\nctypes.cast(get(), ctypes.py_object).value['left'] = 1\n",
        "import ctypes\nget = ctypes.PyDLL(None).PyThreadState_GetDict\nget.restype = ctypes.c_void_p\nassert 'left' not in ctypes.cast(get(), ctypes.py_object).value\n",
    ),
    "finalizers": (
        "import tempfile\nglobal KEPT\nKEPT = tempfile.TemporaryDirectory()\n",
        "import os, tempfile\none = tempfile.TemporaryDirectory()\nname = one.name\ndel one\nassert not os.path.exists(name) and name.startswith(os.environ['TMPDIR'])\n",
    ),
    "settings of modules": (
        "import csv, faulthandler, multiprocessing as m, os, signal, sys, threading, tracemalloc\n"
        "csv.field_size_limit(7)\nfaulthandler.disable()\nm.current_process().authkey = b'left'\nm.current_process().name = 'left'\n"
        "fds = os.pipe2(os.O_NONBLOCK)\nsignal.set_wakeup_fd(fds[1])\n[os.close(fd) for fd in fds]\n"
        "sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)\ngetattr(sys, 'set_int_max_str_digits', id)(0)\n"
        "threading.stack_size(1 << 24)\ntracemalloc.start()\n",
        "import csv, multiprocessing as m, os, signal, sys, threading, tracemalloc\n"
        "assert csv.field_size_limit() != 7 and m.current_process().authkey != b'left' and m.current_process().name != 'left'\n"
        "assert signal.set_wakeup_fd(-1) == -1 and not sys.getdlopenflags() & os.RTLD_GLOBAL\n"
        "assert getattr(sys, 'get_int_max_str_digits', lambda: 1)()\nassert threading.stack_size() == 0 and not tracemalloc.is_tracing()\n",
    ),
    "libc's time zone": (
        "import os, time\nos.environ['TZ'] = 'JST-9'\ntime.mktime((2020, 1, 1, 0, 0, 0, 0, 0, 0))\n",
        "import time\nassert time.localtime(0).tm_hour == 0\n",
    ),
    "codecs": (
        "import codecs\ncodecs.register(lambda name: codecs.lookup('utf-8') if name == 'left' else None)\n'a'.encode('left')\n"
        "codecs.register_error('left', lambda error: ('?', error.end))\n",
        "import codecs, pytest\nwith pytest.raises(LookupError): codecs.lookup('left')\nwith pytest.raises(LookupError): codecs.lookup_error('left')\n",
    ),
    "what is done at a fork": (
        "import os\nos.register_at_fork(before=lambda: os.environ.update(LEFT='1'))\n",
        "import os\npid = os.fork() or os._exit(0)\nos.waitpid(pid, 0)\nassert 'LEFT' not in os.environ\n",
    ),
}

# What cannot be: (what the worker's log says, what the cell does at its end)
ENDS = {
    "threads": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n",
    "child processes": "import os\npid = os.fork() or os._exit(0)\nos.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\n",
    "open files": "import os\nos.open('/dev/null', os.O_RDONLY)\n",
    "limits": "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (900, 900))\n",
    "priority": "import os\nos.nice(1)\n",
    "scheduling": "import os\nos.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))\n",
    "attributes of the process": "import ctypes\nctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n",
    "rounding": "import ctypes\nassert ctypes.CDLL(None).fesetround(0x400) == 0\n",
    "registered classes": "import collections.abc, random\ncollections.abc.Sized.register(random.Random)\n",
    "decimal's contexts": "import decimal\ndecimal.DefaultContext.prec = 5\n",
    "encodings": "import sys\nsys.__stdout__.reconfigure(errors='replace')\n",
    "time zone": "import os, time\nos.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()\n",
    "json.left": "import json\njson.left = 1\n",
    "json.load": "import json\njson.load = len\n",
    "json.decoder.JSONDecoder.raw_decode": "import json\njson.JSONDecoder.raw_decode = len\n",
    "locale.locale_alias": "import locale\nlocale.locale_alias.clear()\n",
    "json._default_encoder.skipkeys": "import json\njson._default_encoder.skipkeys = 1\n",
    "builtins.left": "import builtins\nbuiltins.left = 1\n",
    "sys.displayhook": "import sys\nsys.displayhook = print\n",
    "another module json": "import sys, types\nsys.modules['json'] = types.ModuleType('json')\n",
    "files or shared memory": "import ctypes\nassert ctypes.CDLL(None).shmget(0x5eed, 4096, 0o1600) >= 0\n",
    "processes": "import os, time\nif os.fork() == 0:\n  if os.fork() == 0: time.sleep(1000)\n  os._exit(0)\nos.wait()\n",
}


class Leftovers(BatchTest):
    def test_put_back(self) -> None:
        for what, (spoil, look) in chosen(PUT_BACK):
            with self.subTest(what):
                before = self.told("def test_it():\n" + indented(spoil))
                after = self.told("LOCALE = 'C.UTF-8'\ndef test_it():\n" + indented(look))
                self.assertNotIn("notes", after.cell)
                self.assertTrue(self.shares(before, after), self.worker.talk())

    def test_ends_the_process(self) -> None:
        for what, spoil in chosen(ENDS):
            with self.subTest(what):
                before = self.told("def test_it():\n" + indented(spoil))
                after = self.told("")
                self.assertFalse(self.shares(before, after))
                self.assertIn(f"weft: a new process after tests/test_a.py: {what}", self.worker.talk())


    def test_printed_afterwards(self) -> None:
        """What objects print when they are collected after their cell is nowhere, as with a process that ends."""
        body = "import gc\ndef test_it():\n  class Left:\n    def __del__(self): import os; os.write(1, b'left')\n  gc.disable()\n  one = Left()\n  one.me = one\n"
        before = self.told(body + "import ctypes\nctypes.CDLL(None).printf(b'left')\n")
        after = self.told("")
        self.assertTrue(self.shares(before, after), self.worker.talk())
        self.assertNotIn("left", before.log + after.log)

    def test_marks(self) -> None:
        """A mark that another project's settings have registered is unknown here."""
        self.write("pytest.ini", "[pytest]\naddopts = --strict-markers\nmarkers = slow\n")
        body = "import pytest\n@pytest.mark.slow\ndef test_it(): pass\n"
        self.told(body)
        self.write("pytest.ini", "[pytest]\naddopts = --strict-markers\n")
        self.assertEqual("error", self.run_cell(body).verdict)


def chosen(cases: dict) -> list:
    """All of them, or the one that test_taken_out.py is about."""
    only = os.environ.get("WEFT_TAKEN_OUT")
    return [(what, case) for what, case in cases.items() if not only or only == what]


def indented(text: str) -> str:
    """The body of a function."""
    return "".join(f"    {line}\n" for line in text.splitlines())


class Packages(BatchTest):
    @unittest.skipUnless(find_spec("numpy"), "the environment has no numpy")
    def test_numpy(self) -> None:
        """It is ready after the first cell, and its error settings are each cell's own."""
        left = "import numpy\ndef test_it(): numpy.seterr(all='raise')\n"
        one, two = self.told(left), self.told(left)
        three = self.told("import numpy\ndef test_it(): assert numpy.geterr()['over'] == 'warn'\n")
        self.assertFalse(self.shares(one, two))
        self.assertTrue(self.shares(two, three), self.worker.talk())


# A module that answers for nobody: whoever asks its tables, or what its proxy is, ends.
UNASKED = """
import collections, functools
def end(*arguments): raise SystemExit("asked")
class Table(dict): __iter__ = __len__ = keys = values = items = get = __getitem__ = __eq__ = end
class List(list): __iter__ = __len__ = __eq__ = end
class Set(set): __iter__ = __len__ = __eq__ = end
class Proxy: __class__ = __dict__ = property(end)
class Meta(type): __dict__ = property(end)
class Class(metaclass=Meta): pass
TABLE, LIST, SET, PROXY = Table(a=1), List([1]), Set([1]), Proxy()
class Settings:
    table = {}
    def __init__(self): self.colour = "red"
SETTINGS, IN_TABLES = Settings(), {"one": {"two": 2}}
@functools.lru_cache
def once(what): return what
"""


class OfAnEnvironment(BatchTest):
    """Modules of an environment's own."""

    def setUp(self) -> None:
        super().setUp()
        site = os.path.join(self.folder, "site")
        os.mkdir(site)
        with open(os.path.join(site, "unasked.py"), "w", encoding="ascii") as file:
            file.write(UNASKED)
        with open(os.path.join(site, "unread.py"), "w", encoding="ascii") as file:
            file.write("globals()[1] = 1\n")
        self.worker = Worker(path=site)
        self.addCleanup(self.worker.end)
        self.warm_up()
        self.told("import unasked\n")

    def test_nothing_of_theirs_is_called(self) -> None:
        one, two = (self.told("import unasked\n") for _ in range(2))
        self.assertTrue(self.shares(one, two), self.worker.talk())

    def test_what_they_hold(self) -> None:
        for what, spoil in (
            ("TABLE", "dict.__setitem__(unasked.TABLE, 'a', 2)"),
            ("LIST", "list.append(unasked.LIST, 2)"),
            ("SET", "set.add(unasked.SET, 2)"),
            ("SETTINGS.colour", "unasked.SETTINGS.colour = 'blue'"),
            ("Settings.table", "unasked.SETTINGS.table['a'] = 1"),
            ("IN_TABLES.one", "unasked.IN_TABLES['one'].clear()"),
        ):
            with self.subTest(what):
                before = self.told(f"import unasked\ndef test_it(): {spoil}\n")
                self.assertFalse(self.shares(before, self.told("")))
                self.assertIn(f"weft: a new process after tests/test_a.py: unasked.{what}\n", self.worker.talk())

    def test_caches(self) -> None:
        """They are empty for each."""
        body = "import unasked, typing\ndef test_it():\n  assert unasked.once(1) == 1 and unasked.once.cache_info().misses == 1\n"
        one, two = (self.told(body) for _ in range(2))
        self.assertTrue(self.shares(one, two), self.worker.talk())

    def test_one_that_cannot_be_read(self) -> None:
        """Whoever has it has a process of their own, and the worker goes on."""
        one, two, three = (self.told("import unread\n") for _ in range(3))
        self.assertFalse(self.shares(two, three))
        self.assertIn("unread, which cannot be read\n", self.worker.talk())
        self.assertTrue(self.shares(self.told(""), self.told("")), self.worker.talk())


# What honest tests do that leaves what a cell begins without.
ORDINARY = {
    "asyncio": "import asyncio\ndef test_it(): asyncio.run(asyncio.sleep(0))\n",
    "mock": "from unittest import mock\n@mock.patch('os.getcwd')\ndef test_it(_): pass\n",
    "processes": "import multiprocessing\ndef test_it():\n  one = multiprocessing.Process(target=int)\n  one.start()\n  one.join()\n",
    "threads": "import concurrent.futures as c\ndef test_it():\n  with c.ThreadPoolExecutor(1) as p: assert p.submit(int).result() == 0\n",
    "doctest": "import sys\ndef test_it(): sys.displayhook(1)\n",
    "mimetypes": "import mimetypes\ndef test_it(): assert mimetypes.guess_type('a.txt')[0] == 'text/plain'\n",
    "urllib": "import urllib.request as u\ndef test_it(): u.urlopen('data:,a').read()\n",
    "random": "import random\ndef test_it(): random.gauss(0, 1)\n",
}


class Ordinary(BatchTest):
    def test_shares(self) -> None:
        for what, body in chosen(ORDINARY):
            with self.subTest(what):
                # What it needs is imported first.
                self.told(body, isolation="file")
                one, two = (self.told(body) for _ in range(2))
                self.assertTrue(self.shares(one, two), self.worker.talk())


class OnlyAPassCounts(BatchTest):
    """A cell that depends on the one before: what that has left here is invisible to the launcher, in an object of a module."""

    def order(self, body: str, **more: object) -> Ran:
        """Runs a cell with body after one that has left a mark where none looks."""
        self.told("import json\ndef test_it(): pass\n")
        self.told("import json\ndef test_it(): json.JSONDecoder.__init__.__kwdefaults__['left'] = 1\n", file="tests/test_b.py")
        seen = "import json, os, signal, time\nSEEN = 'left' in json.JSONDecoder.__init__.__kwdefaults__\n"
        return self.run_cell(seen + body, **more)

    def test_fails_by_order(self) -> None:
        for body in (
            "def test_it(): assert not SEEN\n",
            "def test_it():\n  if SEEN: os._exit(0)\n",
            "def test_it():\n  if SEEN: os.kill(os.getpid(), signal.SIGKILL)\n",
            "def test_it():\n  if SEEN: open(f'/proc/self/fd/100', 'wb')\n",
            "def test_it():\n  if SEEN: os.write(100, b'0\\n'); time.sleep(1000)\n",
            "def test_it():\n  if SEEN: os.write(100, b'ready\\n')\n",
            "assert not SEEN\ndef test_it(): pass\n",
        ):
            with self.subTest(body):
                ran = self.order(body)
                self.assertEqual("passed", ran.verdict, ran.log)
                self.assertEqual(["passes alone and did not in one process after tests/test_a.py, tests/test_b.py"], ran.cell["notes"])

    def test_hangs_by_order(self) -> None:
        ran = self.order("def test_it():\n  if SEEN: time.sleep(1000)\n", timeout=self.patience())
        self.assertEqual("passed", ran.verdict, ran.log)
        self.assertIn("passes alone and did not", ran.cell["notes"][0])

    def test_fails_anyway(self) -> None:
        ran = self.order("def test_it(): assert 0\n")
        self.assertEqual("failed", ran.verdict)
        self.assertNotIn("notes", ran.cell)

    def test_the_first_stands(self) -> None:
        """It had the process to itself, so it runs once."""
        runs = os.path.join(self.folder, "runs")
        self.assertEqual("failed", self.run_cell(f"def test_it():\n  open({runs!r}, 'a').write('x')\n  assert 0\n").verdict)
        with open(runs, encoding="ascii") as file:
            self.assertEqual("x", file.read())

    def test_a_file_is_missing(self) -> None:
        """What keeps a cell from beginning is told of it, as ever, and takes no other along."""
        first = self.told("")
        self.files["tests/data.txt"] = self.folder + "/nowhere"
        ran = self.run_cell("def test_it(): pass\n")
        self.assertEqual("infrastructure", ran.verdict)
        self.assertNotIn("notes", ran.cell)
        self.files.pop("tests/data.txt")
        self.assertFalse(self.shares(first, self.told("")))

    def test_forged(self) -> None:
        """Nor does what a first one says for its process stand for it."""
        ran = self.run_cell("import os\ndef test_it():\n  try: os.write(100, b'7')\n  except OSError: os._exit(0)\n  import time; time.sleep(2)\n")
        self.assertEqual(("crashed", "os._exit(0) in tests/test_a.py::test_it"), (ran.verdict, ran.reason))


if __name__ == "__main__":
    unittest.main()
