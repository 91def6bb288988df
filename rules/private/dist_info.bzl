"""python_dist_info: the installed metadata of a distribution that this workspace itself makes."""

load(":providers.bzl", "WeftSourcesInfo")
load(":sources.bzl", "search_path")

_OWN_FIELDS = ["metadata-version", "name", "version"]
_SCRIPTS = ["console_scripts", "gui_scripts"]
_LEGAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789."

def _escape(text):
    # As installers spell it in a folder's name; a dot stays, for Python 3.9 looks for the name as it was given.
    words = "".join([c if c in _LEGAL else " " for c in text.elems()]).split(" ")
    return "_".join([word for word in words if word])

def dist_info_name(where, distribution, version):
    """The name of a dist-info folder.

    Args:
      where: the target, for the message.
      distribution: the distribution's name.
      version: its version.

    Returns:
      string; fails when a part of it is empty or no name.
    """
    for what, text in [("distribution", distribution), ("version", version)]:
        if not _escape(text) or "/" in text or "\n" in text or text.strip() != text:
            fail("{}: {} is {}; it must be a name such as {}".format(where, what, repr(text), "my-package" if what == "distribution" else "1.2.0"))
    return "{}-{}.dist-info".format(_escape(distribution), version.replace("-", "_"))

def metadata(where, distribution, version, fields):
    """The text of METADATA.

    Args:
      where: the target, for the message.
      distribution: the distribution's name.
      version: its version.
      fields: dict of core metadata field → list of values; Description is the text's body.

    Returns:
      string
    """
    lines = ["Metadata-Version: 2.1", "Name: " + distribution, "Version: " + version]
    body = ""
    for field, values in fields.items():
        if field.lower() in _OWN_FIELDS:
            fail("{}: fields has {}; it is given by distribution and version".format(where, field))
        if not field or [c for c in field.elems() if not c.isalpha() and c != "-"]:
            fail("{}: fields has {}; names of fields are such as Requires-Dist".format(where, repr(field)))
        if field.lower() == "description":
            body = "\n" + "\n".join(values) + "\n"
        else:
            # Further lines of a value are indented.
            lines += ["{}: {}".format(field, value.strip().replace("\n", "\n        ")) for value in values]
    return "\n".join(lines) + "\n" + body

def entry_points_text(where, groups):
    """The text of entry_points.txt.

    Args:
      where: the target, for the message.
      groups: dict of group → list of "name = module:object".

    Returns:
      string
    """
    out = []
    for group, points in groups.items():
        out.append("[{}]".format(group))
        for point in points:
            name, equals, target = [part.strip() for part in point.partition("=")]
            if not name or not equals or not target or "\n" in point:
                fail("{}: the entry point {} of {} must be written \"name = module:object\"".format(where, repr(point), group))
            if group in _SCRIPTS and (":" not in target or "/" in name):
                fail("{}: the script {} must name a function: \"name = module:function\"".format(where, repr(point)))
            out.append("{} = {}".format(name, target))
        out.append("")
    return "\n".join(out)

def dist_info(where, distribution, version, fields, groups, top_level):
    """A dist-info as the launcher writes it.

    Args:
      where: the target, for messages.
      distribution: the distribution's name.
      version: its version.
      fields: as for metadata.
      groups: as for entry_points_text.
      top_level: names of top-level modules and packages.

    Returns:
      dict: the folder's name, its files (name → text) and its scripts (name → "module:function")
    """
    folder = dist_info_name(where, distribution, version)
    files = {"INSTALLER": "weft\n", "METADATA": metadata(where, distribution, version, fields)}
    if groups:
        files["entry_points.txt"] = entry_points_text(where, groups)
    if top_level:
        files["top_level.txt"] = "\n".join(top_level) + "\n"
    files["RECORD"] = "".join(["{}/{},,\n".format(folder, name) for name in sorted(files.keys() + ["RECORD"])])
    scripts = {}
    for group in _SCRIPTS:
        for point in groups.get(group, []):
            name, _, target = [part.strip() for part in point.partition("=")]
            scripts[name] = target.partition("[")[0].strip()
    return {"files": files, "folder": folder, "scripts": scripts}

def _python_dist_info_impl(ctx):
    if not ctx.attr.imports:
        fail("{}: imports is empty; name the source root that the dist-info lies in, \".\" for the package".format(ctx.label))
    info = dist_info(
        ctx.label,
        ctx.attr.distribution,
        ctx.attr.version,
        ctx.attr.fields,
        ctx.attr.entry_points,
        ctx.attr.top_level,
    )
    imports = [search_path(ctx, entry) for entry in ctx.attr.imports]
    root = "" if imports[0] == "." else imports[0] + "/"
    return [
        DefaultInfo(files = depset()),
        WeftSourcesInfo(
            dist_infos = depset([json.encode(info | {"folder": root + info["folder"]})]),
            files = depset(),
            first_party = depset(),
            imports = depset(imports, order = "preorder"),
        ),
    ]

python_dist_info = rule(
    doc = "The installed metadata of a distribution of this workspace, as an editable install would leave it: in the cells " +
          "of files that depend on it, importlib.metadata finds its version, requirements and entry points (before those of " +
          "an installed distribution of the same name), pytest loads the plugins that it registers, and its console scripts " +
          "are on PATH.",
    implementation = _python_dist_info_impl,
    attrs = {
        "distribution": attr.string(mandatory = True, doc = "The distribution's name, as in pyproject.toml."),
        "version": attr.string(mandatory = True, doc = "Its version."),
        "fields": attr.string_list_dict(
            doc = "Core metadata fields and their values: {\"Requires-Dist\": [\"attrs>=20\"]}.",
        ),
        "entry_points": attr.string_list_dict(
            doc = "Groups of entry points: {\"console_scripts\": [\"tool = package.cli:main\"]}.",
        ),
        "top_level": attr.string_list(doc = "Top-level modules and packages, for top_level.txt."),
        "imports": attr.string_list(
            default = ["."],
            doc = "Source roots relative to the package, as for python_sources; the dist-info lies in the first one.",
        ),
    },
    provides = [WeftSourcesInfo],
)
