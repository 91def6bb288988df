import no_longer_there  # noqa: F401
