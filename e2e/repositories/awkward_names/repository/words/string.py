from string import ascii_letters


def normal(text):
    return "".join(c for c in text if c in ascii_letters).lower()
