from pathlib import Path


def test_extra():
    path = Path(__file__).parent.parent / "data" / "extra.csv"
    assert path.read_text()
