"""The one rule that gazelle's generated BUILD files call: who published a Go module. Nothing here reads it."""

def _package_metadata_impl(_ctx):
    return [DefaultInfo()]

_package_metadata = rule(
    implementation = _package_metadata_impl,
    doc = "Provides nothing.",
)

def package_metadata(name, visibility = None, **_attributes):
    """Accepts what the real macro does.

    Args:
      name: the target's name.
      visibility: who may name it.
      **_attributes: ignored.
    """

    # The target is its package's default metadata: without this it would be its own.
    _package_metadata(name = name, applicable_licenses = [], visibility = visibility)
