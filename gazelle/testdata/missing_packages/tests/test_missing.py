from typing import TYPE_CHECKING

import pytest

import a_package_that_nobody_has.deep

try:
    import an_optional_one
except ImportError:
    an_optional_one = None

if TYPE_CHECKING:
    import a_typing_one

skipped = pytest.importorskip('a_skipped_one')


def test_missing():
    assert a_package_that_nobody_has
