from test_helpers import book


def test_book(ledger):
    book(ledger, 3)
    assert ledger.balance("a") == 3
