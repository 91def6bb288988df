"""To show: a failure on Python 3.9 alone. The module cannot be imported there, so no test is collected."""

from facies import facies


def test_facies():
    assert [facies(g) for g in (30, 75, 120)] == ["sand", "silt", "shale"]
