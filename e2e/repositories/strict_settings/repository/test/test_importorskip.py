import pytest

np = pytest.importorskip("a_package_that_nobody_has", reason="needs it")


@pytest.mark.integration
def test_never():
    raise AssertionError
