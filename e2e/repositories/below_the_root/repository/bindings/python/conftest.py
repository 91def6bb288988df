import pathlib

import pytest


@pytest.fixture
def top():
    return pathlib.Path(__file__).resolve().parents[2]
