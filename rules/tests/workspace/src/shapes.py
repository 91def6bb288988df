"""Something to test."""


def area(width, height):
    if width < 0:
        raise ValueError("a width is not negative")
    return width * height
