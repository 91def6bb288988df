"""Types come from the conftest, at collection."""


def test_on_disk(tmp_path):
    assert tmp_path.is_dir()


def test_in_memory():
    assert True


def test_slow_by_name():
    raise AssertionError("left out by -m")
