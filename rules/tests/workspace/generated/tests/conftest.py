import pytest


@pytest.fixture
def answer():
    return 42


def pytest_collection_modifyitems(items):
    for item in items:
        if "_late_" in item.name:
            item.add_marker(item.name.rpartition("_")[2])
