from pathlib import Path


def test_settings():
    assert (Path.home() / ".config" / "wells.toml").read_text()
