"""The launcher's parts by themselves."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import unittest
from xml.etree import ElementTree

import harness  # noqa: F401 - puts the launcher on sys.path
from weft_launcher import advisories, benchmarks, coverage, journal, junit, memory, mrst, security, supervise, tree, verdict
from weft_launcher.journal import Case, read
from weft_launcher.log import Log
from weft_launcher.spec import CellSpec, Manifest


class LogTest(unittest.TestCase):
    def test_keeps_both_ends(self) -> None:
        log = Log(keep=10)
        for index in range(1000):
            log.write(b"%03d," % index)
        self.assertEqual("000,001,00\n[weft: 3980 bytes left out here]\n7,998,999,", log.text())

    def test_short_logs_are_whole(self) -> None:
        log = Log(keep=10)
        log.write(b"0123456789")
        log.write(b"abcdefghij")
        self.assertEqual((0, "0123456789abcdefghij"), (log.cut, log.text()))


class JournalTest(unittest.TestCase):
    def read(self, text: bytes):  # noqa: ANN202
        with tempfile.NamedTemporaryFile() as file:
            file.write(text)
            file.flush()
            return read(file.name)

    def test_bad_lines_are_counted(self) -> None:
        story = self.read(
            b'{"event": "start", "id": "a::b"}\nno json\n[1]\n{"event": "finish"}\n{"event": "finish", "id": "x", "outcome": "odd"}\n'
            b'{"event": "later version"}\n{"event": "fini'
        )
        self.assertEqual((5, "a::b", None), (story.unreadable, story.running, story.exit))

    def test_octaves_numbers(self) -> None:
        story = self.read(b'{"event": "finish", "id": "a", "outcome": "passed", "duration": NaN}\n{"event": "end", "exit": 0}\n')
        self.assertEqual((0.0, 0, 0), (story.cases[0].duration, story.exit, story.unreadable))

    def test_invalid_utf8(self) -> None:
        story = self.read(b'{"event": "finish", "id": "a\xff", "outcome": "failed", "message": "\xfe"}\n')
        self.assertEqual("a\ufffd", story.cases[0].id)


class JunitTest(unittest.TestCase):
    def test_names(self) -> None:
        for id, expected in {
            "tests/test_a.py::TestX::test_y[1]": ("tests.test_a.TestX", "test_y[1]"),
            "tests/test_a.py::test_y[a::b/c.py]": ("tests.test_a", "test_y[a::b/c.py]"),
            "tests/test_a.py": ("tests.test_a", "tests/test_a.py"),
            "m/test_flux.m::block 2": ("m.test_flux", "block 2"),
        }.items():
            self.assertEqual(expected, junit.names(id))

    def test_any_character_is_legal_xml(self) -> None:
        text = "".join(map(chr, [*range(0x0, 0x100), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1F600]))
        case = Case("f.py::" + text, "failed")
        case.message = case.text = case.stdout = text
        case.properties = [(text, text)]
        cell = {"file": text, "durationSeconds": 1, "start": "x", "type": "unit", "environment": {"name": "e"}}
        root = ElementTree.fromstring(junit.document([junit.testsuite(cell, [case], text)]).encode("utf-8"))
        message = root.find("testsuite/testcase/failure").get("message")
        self.assertIn("\\x00\\x01", message)
        self.assertIn("\t\n", message)
        self.assertIn("\U0001f600", message)
        (facts,) = root.findall("testsuite/properties/property")
        # Two surrogates in a row are one character to JSON.
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16")
        self.assertEqual(("weft.cell", whole), (facts.get("name"), json.loads(facts.get("value"))["file"]))


class CoverageTest(unittest.TestCase):
    def test_ranges(self) -> None:
        for lines, text in (([], ""), ([1], "1"), ([1, 2, 3, 7], "1-3,7"), ([2, 4, 5], "2,4-5")):
            self.assertEqual(text, coverage.ranges(lines))
            self.assertEqual(lines, coverage.lines(text))

    def test_lcov_adds_cells(self) -> None:
        text = coverage.lcov([{"a.py": {"executed": "1", "missing": "2"}}, {"a.py": {"executed": "1-2", "missing": ""}}])
        self.assertEqual("SF:a.py\nDA:1,2\nDA:2,1\nLH:2\nLF:2\nend_of_record\n", text)
        self.assertEqual("", coverage.lcov([]))


class BenchmarksTest(unittest.TestCase):
    def test_samples_of_the_journal(self) -> None:
        found = benchmarks.from_samples({"name": "b", "samples": [4, 1, 3, 2]})
        self.assertEqual((1, 4, 2.5, 2.5, 4), tuple(found[k] for k in ("min", "max", "mean", "median", "rounds")))
        self.assertAlmostEqual(1.2909944, found["stddev"])
        self.assertAlmostEqual(1.5, found["iqr"])

    def test_no_samples(self) -> None:
        self.assertEqual({"name": "b", "samples": [], "rounds": 0, "iterations": 1}, benchmarks.from_samples({"name": "b"}))

    def test_thinned_evenly(self) -> None:
        self.assertEqual([float(2 * n) for n in range(200)], benchmarks.thin([float(n) for n in range(400)]))


class MemoryTest(unittest.TestCase):
    def test_a_kill_is_seen(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("low 0\noom_kill 3\n")
            file.flush()
            watch = memory.OomWatch(["/nonexistent", file.name])
            self.assertFalse(watch.killed())
            file.write("oom_kill 4\n")
            file.seek(0)
            file.write("low 0\noom_kill 4\n")
            file.flush()
            self.assertTrue(watch.killed())

    def test_no_counter(self) -> None:
        self.assertFalse(memory.OomWatch([]).killed())


try:
    import packaging  # noqa: F401

    HAS_PACKAGING = True
except ImportError:
    HAS_PACKAGING = False


class AdvisoriesTest(unittest.TestCase):
    def record(self, events: list[dict], **more: object) -> dict:
        affected = {"package": {"ecosystem": "PyPI", "name": "Git_Python"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
        return {"id": "X-1", "affected": [affected], **more}

    @unittest.skipUnless(HAS_PACKAGING, "no packaging here")
    def test_ranges(self) -> None:
        two = [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}, {"fixed": "2.5"}]
        for version, events, expected in (
            ("1.1", two, "1.2"),
            ("1.2", two, None),
            ("2.1rc1", two, "2.5"),
            ("2.5", two, None),
            ("1.10", [{"introduced": "1.9"}], ""),
            ("1.0", [{"introduced": "0"}, {"last_affected": "1.0"}], ""),
            ("1.1", [{"introduced": "0"}, {"last_affected": "1.0"}], None),
            ("2.1", list(reversed(two)), "2.5"),
        ):
            found = advisories.match([self.record(events)], {"git-python": version})
            self.assertEqual([] if expected is None else [expected], [entry["fixed"] for entry in found], (version, events))

    @unittest.skipUnless(HAS_PACKAGING, "no packaging here")
    def test_withdrawn_and_foreign(self) -> None:
        packages = {"git-python": "1.0"}
        always = [{"introduced": "0"}]
        self.assertEqual(1, len(advisories.match([self.record(always)], packages)))
        self.assertEqual([], advisories.match([self.record(always, withdrawn="2024-01-01")], packages))
        other = self.record(always)
        other["affected"][0]["package"]["ecosystem"] = "npm"
        self.assertEqual([], advisories.match([other], packages))


    @unittest.skipUnless(HAS_PACKAGING, "no packaging here")
    def test_nothing_of_the_environment_stays_imported(self) -> None:
        # The next cell of a suite is forked from the same process.
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(self.record([{"introduced": "0"}]), file)
            file.flush()
            environment = {"kind": "python", "name": "e", "storePath": "/x"}
            facts = {"environment": environment, "file": "f.py", "label": "//:f", "timeoutSeconds": 1, "type": "security"}
            found: dict = {}
            security._advisories(CellSpec({**facts, "advisories": [[file.name, "a.json"]]}, Manifest()), found, [])
        self.assertTrue(found["advisoriesMeasured"])
        self.assertEqual([], [name for name in sys.modules if name.partition(".")[0] == "packaging"])


class VerdictTest(unittest.TestCase):
    def judge(self, code: int, exit: int | None, kind: str = "octave") -> tuple[str, str | None, journal.Story]:
        spec = CellSpec(
            {
                "environment": {"kind": kind, "name": "e", "storePath": "/x"},
                "file": "f.m", "label": "//:f", "timeoutSeconds": 1, "type": "unit",
            },
            Manifest(),
        )  # fmt: skip
        ending, story = supervise.Ending(), journal.Story()
        ending.code, story.exit = code, exit
        story.cases.append(Case("f.m::a", "passed"))
        return (*verdict.judge(spec, ending, story), story)

    def test_passed(self) -> None:
        self.assertEqual(("passed", None), self.judge(0, 0)[:2])

    def test_exit_code_that_differs_from_the_journal(self) -> None:
        found, reason, story = self.judge(1, 0)
        self.assertEqual(("crashed", "exited with 1 after the tests, which ended with 0"), (found, reason))
        self.assertTrue(story.cases[-1].synthetic)

    def test_octave_that_ends_early(self) -> None:
        self.assertEqual(("crashed", "exited with 0 after f.m::a"), self.judge(0, None)[:2])


class TreeTest(unittest.TestCase):
    def test_scratch_is_a_real_path(self) -> None:
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        os.mkdir(folder + "/real")
        os.symlink("real", folder + "/link")
        scratch = tree.Scratch.make(folder + "/link")
        self.assertEqual(os.path.realpath(folder) + "/real", os.path.dirname(scratch.base))
        scratch.remove()
        self.assertEqual([], os.listdir(folder + "/real"))

    def test_copies_keep_the_executable_bit_and_are_writable(self) -> None:
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        os.makedirs(folder + "/in/deep")
        with open(folder + "/in/deep/run", "w", encoding="utf-8") as file:
            file.write("#!")
        os.chmod(folder + "/in/deep/run", 0o555)
        tree.copy_any(folder + "/in", folder + "/out")
        self.assertEqual(0o755, os.stat(folder + "/out/deep/run").st_mode & 0o777)
        with self.assertRaises(tree.MissingInput):
            tree.copy_any(folder + "/none", folder + "/other")


class MrstTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.source = os.path.join(self.folder, "store", "share", "mrst")

    def make(self, *paths: str) -> tree.Scratch:
        for path in paths:
            full = os.path.join(self.source, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(path)
        return tree.Scratch.make(self.folder)

    def test_view_is_writable_where_mrst_writes(self) -> None:
        scratch = self.make(
            "startup.m", "core/utils/ROOTDIR.m", "core/utils/other.m", "core/examples/a.m", "core/settings_octave.mat",
            "core/output/old", "modules/incomp/incompTPFA.m",
        )  # fmt: skip
        view = mrst.writable_view(os.path.join(self.folder, "store"), scratch)
        self.assertEqual(view + "/startup.m", os.path.realpath(view + "/startup.m"))
        self.assertEqual(view + "/core/utils/ROOTDIR.m", os.path.realpath(view + "/core/utils/ROOTDIR.m"))
        self.assertTrue(os.path.islink(view + "/core/utils/other.m"))
        self.assertTrue(os.path.exists(view + "/modules/incomp/incompTPFA.m"))
        self.assertFalse(os.path.exists(view + "/core/settings_octave.mat"))
        self.assertEqual([], os.listdir(view + "/core/output"))
        self.assertEqual([], os.listdir(view + "/core/examples/data"))
        with open(view + "/core/settings_octave.mat", "w", encoding="utf-8"):
            pass
        scratch.remove()
        self.assertTrue(os.path.exists(self.source + "/modules/incomp/incompTPFA.m"), "links are removed, not followed")

    def test_stand_in(self) -> None:
        scratch = self.make("startup.m", "cartGrid.m", "WEFT_STAND_IN")
        store = os.path.join(self.folder, "store")
        self.assertTrue(os.path.exists(mrst.writable_view(store, scratch) + "/cartGrid.m"))
        self.assertEqual({"standIn": True, "version": ""}, mrst.facts(store))
        with open(store + "/weft-environment.json", "w", encoding="utf-8") as file:
            json.dump({"mrst": {"version": "2024a", "standIn": True}}, file)
        self.assertEqual({"standIn": True, "version": "2024a"}, mrst.facts(store))

    def test_no_mrst(self) -> None:
        os.makedirs(os.path.join(self.folder, "bare"))
        self.assertIsNone(mrst.facts(self.folder + "/bare"))
        self.assertIsNone(mrst.writable_view(self.folder + "/bare", tree.Scratch.make(self.folder)))


if __name__ == "__main__":
    unittest.main()
