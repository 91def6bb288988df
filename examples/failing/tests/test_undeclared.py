"""To show: a file that the test reads and its BUILD target does not name.

With plain pytest in the checkout it passes. In a cell the file is not there: a result that hung on it would be
served from the cache after the file has changed. `data = ["//data:constants.csv"]` is the remedy.
"""

from pathlib import Path


def test_density_of_water():
    table = (Path(__file__).parent.parent / "data" / "constants.csv").read_text()
    assert "water_density,1.03" in table
