from counter import count


def main():
    print(*(count(n) for n in range(3)))
