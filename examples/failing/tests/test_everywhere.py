"""To show: a test that fails in every environment, and one beside it that passes. The code is wrong."""

from porosity import density_porosity


def test_sandstone_filled_with_water():
    assert abs(density_porosity(2.32) - 0.20) < 0.001


def test_rock_without_pores():
    assert density_porosity(2.65) == 0
