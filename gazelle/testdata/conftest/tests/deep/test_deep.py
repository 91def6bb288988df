def test_deep(deep, answer_of_all):
    assert deep
