from salt import deep


def test_deep():
    assert deep.deep() == 42
