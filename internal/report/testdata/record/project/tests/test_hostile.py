import pytest


@pytest.mark.parametrize("name", ["a|b <i>", "with `ticks`", "it's \"so\" 🛢️", "two\nlines", "esc\x1b[31m nul\x00", "[x](y) *_a_*", "\u202eevil"])
def test_name(name):
    print("control \x07 bytes \udcff and ]]> in the output")
    pytest.fail("| <b> ``` " + name, pytrace=False)
