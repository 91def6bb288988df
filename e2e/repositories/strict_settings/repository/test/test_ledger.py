import warnings

import pytest


def test_balance(ledger):
    assert (ledger.balance("cash"), ledger.balance("sales")) == (100, -100)


def test_a_warning_is_an_error(ledger):
    assert ledger.total() == 100


def test_a_warning_that_is_let_through(ledger):
    assert ledger.sum() == 100


def test_warns(ledger):
    with pytest.warns(DeprecationWarning, match="ledger 8"):
        ledger.total()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_by_a_mark(ledger):
    assert ledger.total() == 100


@pytest.mark.xfail(reason="passes, and is strict")
def test_strict_xfail(ledger):
    assert ledger.entries


@pytest.mark.xfail(strict=False, reason="passes, and is not strict")
def test_lax_xfail(ledger):
    assert ledger.entries


@pytest.mark.xfail(raises=ValueError, reason="of another kind")
def test_wrong_exception(ledger):
    ledger.book("a", "b")


@pytest.mark.xfail(raises=ValueError)
def test_right_exception(ledger):
    ledger.book("a", "b", -1)


@pytest.fixture
def broken():
    raise OSError("no ink")


@pytest.fixture
def leaks(ledger):
    yield ledger
    warnings.warn("left open", ResourceWarning, stacklevel=1)


def test_error_in_setup(broken):
    pass


def test_error_in_teardown(leaks):
    assert leaks


def test_unraisable():
    class Leak:
        def __del__(self):
            raise RuntimeError("in a finalizer")

    Leak()
