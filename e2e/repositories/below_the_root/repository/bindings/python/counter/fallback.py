def count(n):
    return n + 1
