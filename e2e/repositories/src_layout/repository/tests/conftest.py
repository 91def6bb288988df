import pytest

from tide_tables.stations import STATIONS


@pytest.fixture(params=sorted(STATIONS))
def station(request):
    return STATIONS[request.param]


@pytest.fixture
def origin():
    return "tests"
