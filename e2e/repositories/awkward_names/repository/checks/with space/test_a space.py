from lexicon import WORDS


def test_space():
    assert WORDS
