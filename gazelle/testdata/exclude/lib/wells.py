def depth():
    return 1
