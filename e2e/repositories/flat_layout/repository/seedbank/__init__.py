__version__ = "0.3"

from seedbank.catalogue import Catalogue, Seed  # noqa: E402

__all__ = ["Catalogue", "Seed"]
