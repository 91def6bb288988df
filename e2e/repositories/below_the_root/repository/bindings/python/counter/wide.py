try:
    import numpy
except ImportError:
    numpy = None


def counts(n):
    return list(range(n)) if numpy is None else numpy.arange(n).tolist()
