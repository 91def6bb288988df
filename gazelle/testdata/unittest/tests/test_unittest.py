import unittest


class Plain(unittest.TestCase):
    def test_plain(self):
        pass
