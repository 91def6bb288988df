import pytest

slow = pytest.mark.performance


@slow
def test_one():
    pass


class TestClass:
    pytestmark = [pytest.mark.security]

    def test_two(self):
        pass


@pytest.mark.parametrize('n', [1, pytest.param(2, marks=pytest.mark.compatibility)])
def test_three(n):
    pass
