import unittest

from clockwork import Gear, ratio


def setUpModule():
    global GEARS
    GEARS = [Gear(8), Gear(16)]


def tearDownModule():
    del globals()["GEARS"]


class GearTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = list(GEARS)

    def setUp(self):
        self.addCleanup(self.made.sort, key=lambda g: g.teeth)

    def test_meshes(self):
        self.assertTrue(self.made[0].meshes(self.made[1]))

    def test_sub(self):
        for teeth in (1, 2, 4):
            with self.subTest(teeth=teeth):
                self.assertTrue(Gear(teeth).meshes(GEARS[0]))

    @unittest.skip("no such gear")
    def test_skipped(self):
        self.fail()

    @unittest.expectedFailure
    def test_expected(self):
        self.assertEqual(ratio(1, 3), 0.333)

    @unittest.expectedFailure
    def test_unexpected(self):
        self.assertEqual(ratio(4, 2), 2)

    def test_fails(self):
        self.assertEqual(ratio(1, 2), 2)

    def test_skips_itself(self):
        raise unittest.SkipTest("at run time")


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no workshop")

    def test_never(self):
        pass


class AsyncTest(unittest.IsolatedAsyncioTestCase):
    async def test_async(self):
        self.assertEqual(Gear(3).teeth, 3)


def load_tests(loader, tests, pattern):
    """pytest does not ask it, unittest would."""
    raise AssertionError
