import subprocess
import sys

import pytest


@pytest.fixture
def run():
    def run(*arguments):
        return subprocess.run([sys.executable, "-m", "tide_tables", *arguments], capture_output=True, text=True)

    return run


@pytest.fixture
def origin(origin):
    return origin + "/cli"
