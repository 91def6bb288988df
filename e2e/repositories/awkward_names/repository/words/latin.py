# -*- coding: latin-1 -*-
"""Wörter."""

import lexicon

UMLAUTS = "äöü"
ALL = lexicon.WORDS | {"käfer"}
