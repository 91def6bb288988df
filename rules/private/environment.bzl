"""The rule behind the targets of the environments repository."""

load(":providers.bzl", "WeftEnvironmentInfo")

def _weft_environment_impl(ctx):
    return [
        DefaultInfo(files = depset([ctx.file.facts])),
        WeftEnvironmentInfo(
            name = ctx.label.name,
            kind = ctx.attr.kind,
            version = ctx.attr.version,
            out_path = ctx.attr.out_path,
            types = ctx.attr.types,
            file = ctx.file.facts,
        ),
    ]

weft_environment = rule(
    doc = "One environment of the lock. Written by the module extension, not by hand.",
    implementation = _weft_environment_impl,
    attrs = {
        "facts": attr.label(
            mandatory = True,
            allow_single_file = [".json"],
            doc = "Name, kind, version, store path and types as JSON: the input that makes the store path part of each cell's key.",
        ),
        "kind": attr.string(mandatory = True, values = ["python", "octave"], doc = "What interprets the test files."),
        "version": attr.string(doc = "The interpreter's version."),
        "out_path": attr.string(mandatory = True, doc = "The store path; its bin/ is a cell's whole PATH."),
        "types": attr.string_list(doc = "Test types that run in it; empty = all."),
    },
)
