import pytest


@pytest.mark.parametrize("text", ["a b", "a::b", "a[0]", "ä", "a/b", "a\nb", "", "-x", 'quote"'])
def test_ids(text):
    assert text != "a/b"
