"""python_dist_info: what installing a distribution of the project would tell of it."""

load(":providers.bzl", "WeftSourcesInfo")
load(":sources.bzl", "search_path")

# The fields of the core metadata specification, in its order; others follow.
_ORDER = [
    "Dynamic",
    "Platform",
    "Summary",
    "Description-Content-Type",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "License-File",
    "Classifier",
    "Requires-Dist",
    "Requires-Python",
    "Requires-External",
    "Project-URL",
    "Provides-Extra",
]

_OURS = ["Metadata-Version", "Name", "Version"]

def _folder_name(distribution, version):
    # As the specification of recorded installations has it: runs of -_. are one _.
    name = distribution.replace("-", "_").replace(".", "_")
    for _ in range(len(name)):
        name = name.replace("__", "_")
    return "{}-{}.dist-info".format(name, version.replace("-", "_"))

def _metadata(ctx):
    lines = [
        "Metadata-Version: 2.1",
        "Name: " + ctx.attr.distribution,
        "Version: " + ctx.attr.version,
    ]
    fields = ctx.attr.fields
    for name in _ORDER + [name for name in fields if name not in _ORDER]:
        for value in fields.get(name, []):
            # A header's further lines are indented.
            lines.append("{}: {}".format(name, value.replace("\n", "\n        ")))
    return "\n".join(lines) + "\n"

def _entry_points(groups):
    return "\n".join([
        "\n".join(["[{}]".format(group)] + entries) + "\n"
        for group, entries in groups.items()
    ])

def _python_dist_info_impl(ctx):
    for name in _OURS:
        if name in ctx.attr.fields:
            fail("{}: fields names {}, which the rule writes itself; use the attributes distribution and version".format(ctx.label, name))
    imports = ctx.attr.imports or ["."]
    if ".." in imports[0].split("/"):
        fail("{}: the first of imports, \"{}\", holds the dist-info, so it must not lead out of the package; declare the rule there or above".format(
            ctx.label,
            imports[0],
        ))
    root = "" if imports[0] == "." else imports[0] + "/"
    folder = root + _folder_name(ctx.attr.distribution, ctx.attr.version)
    texts = {"METADATA": _metadata(ctx), "INSTALLER": "weft\n"}
    if ctx.attr.entry_points:
        texts["entry_points.txt"] = _entry_points(ctx.attr.entry_points)

    # Of the distribution's own files nothing is recorded: they are where they are, as in an editable install.
    record = [folder.removeprefix(root) + "/" + name + ",," for name in texts.keys() + ["RECORD"]]
    texts["RECORD"] = "\n".join(record) + "\n"
    files = []
    for name, text in texts.items():
        file = ctx.actions.declare_file(folder + "/" + name)
        ctx.actions.write(file, text)
        files.append(file)
    return [
        DefaultInfo(files = depset(files), runfiles = ctx.runfiles(files)),
        WeftSourcesInfo(
            files = depset(files),
            first_party = depset(),
            imports = depset([search_path(ctx, entry) for entry in imports], order = "preorder"),
        ),
    ]

python_dist_info = rule(
    doc = "The metadata of a distribution of the project, as an editable install would put it beside its sources: " +
          "importlib.metadata finds it, pytest loads its `pytest11` entry points, and its console scripts are on a test's " +
          "PATH. It wins over an installed distribution of the same name. `weft gen` writes it from pyproject.toml, " +
          "setup.cfg or setup.py.",
    implementation = _python_dist_info_impl,
    attrs = {
        "distribution": attr.string(mandatory = True, doc = "The distribution's name, as its metadata has it."),
        "version": attr.string(mandatory = True, doc = "Its version."),
        "fields": attr.string_list_dict(doc = "Further core metadata: a field's name → its values, such as `\"Requires-Dist\": [\"six\"]`."),
        "entry_points": attr.string_list_dict(doc = "Entry points: a group's name → lines `name = module:attribute`."),
        "imports": attr.string_list(
            doc = "Source roots relative to the package (\".\", the default, is the package itself), put on PYTHONPATH. " +
                  "The first holds the dist-info and lies in the package.",
        ),
    },
    provides = [WeftSourcesInfo],
)
