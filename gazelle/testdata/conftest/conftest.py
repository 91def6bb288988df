import pytest

from tools import answer


@pytest.fixture
def answer_of_all():
    return answer()
