import argparse
import sys
from importlib import metadata

from . import height
from .stations import find


def formats():
    found = metadata.distribution("tide-tables").entry_points
    return {e.name: e.load() for e in found if e.group == "tide_tables.formats"}


def main(argv=None):
    parser = argparse.ArgumentParser(prog="tide-tables")
    parser.add_argument("--version", action="version", version=metadata.version("tide-tables"))
    parser.add_argument("station")
    parser.add_argument("--format", default="plain")
    options = parser.parse_args(argv)
    try:
        station = find(options.station)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 2
    rows = [(hour, round(height(station, hour), 2)) for hour in range(0, 24, 6)]
    sys.stdout.write(formats()[options.format]().render(rows))
    return 0
