import pytest

from looms.machines.shuttle import Shuttle

from ...tests.common import draft


@pytest.fixture
def shuttle():
    return Shuttle(draft())
