import pytest


@pytest.fixture
def deep():
    return 2
