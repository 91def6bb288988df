import pytest

from ledger import Ledger


def pytest_collection_modifyitems(items):
    for item in items:
        if "disk" in item.name:
            item.add_marker(pytest.mark.integration)
        if item.name.startswith("test_slow"):
            item.add_marker("slow")


@pytest.fixture
def ledger():
    made = Ledger()
    made.book("cash", "sales", 100)
    return made
