"""To show: a package that is missing in the environment minimal. The others have it by way of bandit."""

from settings import read_settings


def test_step():
    assert read_settings("step: 0.5")["step"] == 0.5
