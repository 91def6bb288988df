class Base:
    base = True
