def ratio(a, b):
    """
    >>> ratio(4, 2)
    2.0
    """
    return a / b
