"""First-party sources: python_sources and octave_sources."""

load(":providers.bzl", "WeftSourcesInfo")

def resolve_root(where, package, entry):
    """A folder that is named from a package, workspace-relative.

    Args:
      where: the target, for the message.
      package: the package's path; "" at the workspace's root.
      entry: relative to the package; "." is the package itself, ".." leads up.

    Returns:
      string; "" is the workspace itself. Fails when the entry leads out of the workspace.
    """
    parts = package.split("/") if package else []
    outside = entry.startswith("/")
    for part in entry.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part == "..":
            outside = True
        elif part not in ["", "."]:
            parts.append(part)
    if outside:
        fail(("{}: the folder \"{}\" is outside of the workspace; name one inside it, relative to the package" +
              " (at most \"{}\" leads up)").format(where, entry, "/".join([".."] * len(package.split("/"))) if package else "."))
    return "/".join(parts)

def search_path(ctx, entry):
    """A search path entry of a BUILD file, relative to the private tree.

    Args:
      ctx: the rule's context.
      entry: relative to the package; "." is the package itself, ".." leads up within the workspace.

    Returns:
      string; fails when the entry leads out of the workspace.
    """
    root = "external/" + ctx.label.repo_name if ctx.label.repo_name else ""
    found = resolve_root(ctx.label, ctx.label.package, entry)
    return "/".join([part for part in [root, found] if part]) or "."

def gather_files(targets):
    """All files that targets bring to a private tree.

    Args:
      targets: a list of Targets (python_sources, filegroups, plain files, anything with runfiles).

    Returns:
      list of depsets of File
    """
    return [
        depset(transitive = [t[WeftSourcesInfo].files]) if WeftSourcesInfo in t else depset(transitive = [
            t[DefaultInfo].files,
            t[DefaultInfo].default_runfiles.files if t[DefaultInfo].default_runfiles else depset(),
        ])
        for t in targets
    ]

def gather_dist_infos(infos):
    """The metadata of first-party distributions that sources bring along.

    Args:
      infos: a list of WeftSourcesInfo.

    Returns:
      depset of string
    """
    return depset(transitive = [info.dist_infos for info in infos])

def _python_sources_impl(ctx):
    return _sources(ctx, ctx.attr.imports)

def _octave_sources_impl(ctx):
    return _sources(ctx, ctx.attr.paths)

def _sources(ctx, entries):
    infos = [d[WeftSourcesInfo] for d in ctx.attr.deps if WeftSourcesInfo in d]
    files = depset(ctx.files.srcs, transitive = gather_files(ctx.attr.data + ctx.attr.deps))
    return [
        DefaultInfo(files = depset(ctx.files.srcs), runfiles = ctx.runfiles(transitive_files = files)),
        WeftSourcesInfo(
            files = files,
            # Test helpers are sources too, but nobody wants to know their coverage.
            first_party = depset(
                [] if ctx.attr.testonly else ctx.files.srcs,
                transitive = [info.first_party for info in infos],
            ),
            dist_infos = gather_dist_infos(infos),
            imports = depset(
                [search_path(ctx, entry) for entry in entries],
                transitive = [info.imports for info in infos],
                order = "preorder",
            ),
        ),
        coverage_common.instrumented_files_info(
            ctx,
            source_attributes = ["srcs"],
            dependency_attributes = ["deps"],
        ),
    ]

def _sources_attrs(extensions):
    return {
        "srcs": attr.label_list(allow_files = extensions, doc = "Source files."),
        "data": attr.label_list(allow_files = True, doc = "Files that the sources read at run time, under their own paths."),
        "deps": attr.label_list(
            allow_files = True,
            doc = "Other sources, whose files and search paths come along.",
        ),
    }

python_sources = rule(
    doc = "Python sources of the project, as a test's cell sees them: same paths as in the workspace. " +
          "`testonly = True` marks helpers of tests: coverage and security leave them out.",
    implementation = _python_sources_impl,
    attrs = _sources_attrs([".py", ".pyi", ".so", ".typed"]) | {
        "imports": attr.string_list(
            doc = "Source roots relative to the package (\".\" is the package itself, \"..\" leads up within the " +
                  "workspace), put on PYTHONPATH in this order, before those of deps.",
        ),
    },
    provides = [WeftSourcesInfo],
)

octave_sources = rule(
    doc = "Octave sources of the project, as a test's cell sees them: same paths as in the workspace.",
    implementation = _octave_sources_impl,
    attrs = _sources_attrs([".m", ".oct", ".mex"]) | {
        "paths": attr.string_list(
            doc = "Folders relative to the package (\".\" is the package itself, \"..\" leads up within the " +
                  "workspace), put on Octave's path in this order, before those of deps.",
        ),
    },
    provides = [WeftSourcesInfo],
)
