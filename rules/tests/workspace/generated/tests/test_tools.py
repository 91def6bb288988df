import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent


def test_pipe(tmp_path):
    (tmp_path / "a").write_text("one\ntwo\n")
    out = subprocess.check_output("cat a | sed s/two/2/ | grep -n 2 && find . -name a && diff a a", shell=True, cwd=tmp_path, text=True)
    assert out == "2:2\n./a\n"


def test_script_that_is_data():
    assert subprocess.check_output([HERE / "data" / "run me.sh"], text=True) == "ran\n"


def test_odd_names():
    assert (HERE / "data" / "g\u00fcn [1].txt").read_text() == "odd\n"
