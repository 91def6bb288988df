#!/usr/bin/env python3
# vim: set fileencoding=cp1252 :
from words import latin

EURO = "€"


def test_euro():
    assert EURO == "\u20ac"


def test_umlauts():
    assert latin.UMLAUTS == "\xe4\xf6\xfc" and "k\xe4fer" in latin.ALL


def test_wörter():
    assert len(latin.ALL) == 3
