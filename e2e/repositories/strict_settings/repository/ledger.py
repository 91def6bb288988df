"""Double entries."""

import warnings

__version__ = "7.0"


class Ledger:
    def __init__(self):
        self.entries = []

    def book(self, debit, credit, amount):
        if amount < 0:
            raise ValueError("negative amount")
        self.entries.append((debit, credit, amount))

    def balance(self, account):
        return sum(a * ((d == account) - (c == account)) for d, c, a in self.entries)

    def total(self):
        warnings.warn("total is gone in ledger 8", DeprecationWarning, stacklevel=2)
        return sum(a for _, _, a in self.entries)

    def sum(self):
        warnings.warn("old ledger", DeprecationWarning, stacklevel=2)
        return sum(a for _, _, a in self.entries)
