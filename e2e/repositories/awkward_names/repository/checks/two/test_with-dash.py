import lexicon


def test_dash():
    assert "bee" in lexicon.WORDS
