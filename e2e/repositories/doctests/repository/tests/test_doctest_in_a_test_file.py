def helper(n):
    """
    >>> helper(2)
    4
    """
    return n * n


def test_helper():
    assert helper(3) == 9
