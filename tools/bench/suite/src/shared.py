"""What five test files use. The edit of a source file raises SAMPLES: each of the five then has a test more."""

SAMPLES = 1


def sample(number):
    return number * number % 97
