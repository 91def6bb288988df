import pytest

from pkg.mod_{{module}} import area, clamp


@pytest.mark.parametrize("value", range(5))
def test_clamp(value):
    assert clamp(value, 1, 3) in (1, 2, 3)


def test_area():
    assert area(2) == pytest.approx(12.566370614)


def test_file(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    assert (tmp_path / "a.txt").read_text() == "hello"
