def test_top(answer_of_all, plugged):
    assert answer_of_all and plugged
