from tide_tables.formats._csv import Csv
from tide_tables.formats._plain import Plain

__all__ = ["Csv", "Plain"]
