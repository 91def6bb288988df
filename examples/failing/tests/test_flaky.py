"""To show: a test that fails in its first process and passes in its second, so a flaky one.

Real flaky tests do so by chance, which is no good for an example. This one does it by a cause that is common enough:
it leans on its surroundings. It saves a report in the folder that Bazel gives to test actions. A cell is a build
action first, which has no such folder; what failed there is run again in a test action, which has.
"""

import os
from pathlib import Path


def test_report_is_saved():
    folder = Path(os.environ["TEST_UNDECLARED_OUTPUTS_DIR"])
    (folder / "porosity.txt").write_text("0.20\n")
    assert (folder / "porosity.txt").read_text() == "0.20\n"
