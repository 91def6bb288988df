import pytest

from tests.helpers import load


@pytest.fixture(scope="session")
def meadow():
    return load("meadow.yaml")
