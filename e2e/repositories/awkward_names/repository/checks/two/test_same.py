import subprocess
import sys

import calendar_words
import single_module


def test_days():
    assert len(calendar_words.DAYS) == 7
    assert single_module.first() == "monday"


def test_main():
    assert subprocess.check_output([sys.executable, "-m", "json_words"]) == b'["a", "b"]\n'


def test_different():
    assert calendar_words.DAYS[0] == "Monday"
