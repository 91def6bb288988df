from salt import deep


def test_deep(answer):
    assert deep.deep() == answer
