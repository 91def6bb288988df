"""A package whose modules are targets of their own, as weft gen writes them."""
