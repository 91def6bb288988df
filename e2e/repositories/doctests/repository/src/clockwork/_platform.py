"""
>>> import sys
>>> sys.platform  # doctest: +SKIP
'an amiga'
"""
