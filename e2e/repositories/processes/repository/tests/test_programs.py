import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FLOW = Path(__file__).with_name("data") / "flow.txt"

pytestmark = pytest.mark.integration


def test_sh():
    assert subprocess.check_output(["sh", "-c", "echo $((6 * 7))"]) == b"42\n"


def test_shell_true():
    assert subprocess.run(f"cat '{FLOW}' | tail -n 1", shell=True, capture_output=True).stdout == b"flow 2\n"


def test_cat():
    assert subprocess.check_output(["cat", FLOW]).startswith(b"flow 1")


def test_sed():
    assert subprocess.check_output(["sed", "-n", "s/flow 2/two/p", FLOW]) == b"two\n"


def test_grep():
    assert subprocess.check_output(["grep", "-c", "flow", FLOW]) == b"2\n"


def test_which():
    assert all(shutil.which(program) for program in ("sh", "cat", "env", "sed"))


def test_a_script_of_the_test(tmp_path):
    script = tmp_path / "pump.sh"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    assert subprocess.call([script]) == 3


def test_python():
    code = "import pumps, sys; print(pumps.square(int(sys.argv[1])))"
    environment = {**os.environ, "PYTHONPATH": "lib"}
    assert subprocess.check_output([sys.executable, "-c", code, "9"], env=environment) == b"81\n"


def test_python_on_the_path():
    assert subprocess.check_output(["python3", "-c", "import sys; print(sys.version_info[0])"]) == b"3\n"


def test_stdin_is_empty():
    assert subprocess.run(["cat"], stdin=subprocess.DEVNULL, capture_output=True).stdout == b""


def test_no_such_program():
    subprocess.check_call(["a-pump-that-is-not-there"])
