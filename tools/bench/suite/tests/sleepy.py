import time

import pytest

from pkg.mod_{{module}} import clamp


@pytest.mark.parametrize("tenths", [1, 2, 3])
def test_waits(tenths):
    time.sleep(tenths / 10)
    assert clamp(tenths, 1, 3) == tenths
