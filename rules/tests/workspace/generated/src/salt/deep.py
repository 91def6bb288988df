from salt.sea import depth


def deep() -> int:
    return 2 * depth.DEPTH


def main() -> int:
    print(deep())
    return 0
