import pytest


@pytest.mark.fast
def test_marked():
    """--strict-markers makes this file an error."""
