class Catalogue:
    pass
