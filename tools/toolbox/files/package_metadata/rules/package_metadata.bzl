"""The one rule that gazelle's generated BUILD files call: who published a Go module. Nothing here reads it."""

def _package_metadata_impl(_ctx):
    return [DefaultInfo()]

package_metadata = rule(
    implementation = _package_metadata_impl,
    doc = "Accepts what the real rule does and provides nothing.",
    attrs = {
        "attributes": attr.label_list(doc = "Ignored."),
        "purl": attr.string(doc = "Ignored."),
    },
)
