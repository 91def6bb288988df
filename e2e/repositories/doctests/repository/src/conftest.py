import pytest

import clockwork


@pytest.fixture(autouse=True)
def _names(doctest_namespace):
    doctest_namespace["gear8"] = clockwork.Gear(8)
