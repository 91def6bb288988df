import pytest
from iniconfig import IniConfig, ParseError

DATA = """
# comment
[section1]
value = 1
names = a
    b
[section2]
other: x
"""


@pytest.fixture
def ini():
    return IniConfig("sample.ini", DATA)


def test_sections(ini):
    assert [s.name for s in ini] == ["section1", "section2"]
    assert "section1" in ini and "section3" not in ini


def test_values(ini):
    assert ini["section1"]["names"] == "a\nb"
    assert ini.get("section1", "value", convert=int) == 1
    assert ini.get("section2", "value", default=7) == 7


def test_lines(ini):
    assert (ini.lineof("section1"), ini["section1"].lineof("names")) == (3, 5)


def test_items(ini):
    assert dict(ini["section2"].items()) == {"other": "x"}


@pytest.mark.parametrize(
    ("data", "message"),
    [("x = 1", "no section header"), ("[a]\n[a]", "duplicate section"), ("[a]\nb", "unexpected line"), (" x", "continuation")],
)
def test_errors(data, message):
    with pytest.raises(ParseError, match=message):
        IniConfig("bad.ini", data)


def test_own_tox_ini(pytestconfig):
    read = IniConfig(pytestconfig.rootpath / "tox.ini")
    assert read["pytest"]["testpaths"] == "testing"
    assert "integration" in read["pytest"]["markers"]
