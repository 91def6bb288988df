import sys

from seedbank import Catalogue


def main(argv=None):
    (path,) = sys.argv[1:] if argv is None else argv
    with open(path, encoding="utf-8") as stream:
        print(*Catalogue.load(stream).viable(), sep="\n")
