"""What a cell can see: its declared files, its environment and nothing else."""

import os
import pathlib
import socket
import sys

import pytest

HERE = pathlib.Path(__file__).parent


def test_only_declared_files():
    tree = pathlib.Path.cwd()
    files = sorted(str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file())
    assert files == ["hermetic/declared.txt", "hermetic/test_hermetic.py", "salt.txt"]


def test_realpath_stays_in_the_private_tree():
    real = pathlib.Path(os.path.realpath(__file__))
    assert real == HERE / "test_hermetic.py"
    assert not (real.parent / "undeclared.txt").exists()


def test_no_network():
    names = [name for _, name in socket.if_nameindex()]
    assert names == ["lo"]
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_loopback_works():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()):
            pass


def test_unix_socket_fits(tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "a-socket-with-a-name-of-usual-length"))


def test_home_and_variables():
    assert os.listdir(os.path.expanduser("~")) == []
    assert os.environ["PATH"] == sys.prefix + "/bin"
    assert os.environ["MINE"] == "from the BUILD file"
    assert "WEFT_TEST_SECRET" not in os.environ


def test_path_has_a_shell_and_the_coreutils():
    assert os.system("test -e hermetic/declared.txt && ls > /dev/null") == 0


def test_packages_come_from_the_environment():
    assert pytest.__file__.startswith(sys.prefix) or os.path.realpath(pytest.__file__).startswith("/nix/store/")
