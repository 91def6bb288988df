"""weft_file: declares the cells of one test file."""

load(":providers.bzl", "WeftEnvironmentInfo", "WeftFileInfo", "WeftSourcesInfo")
load(":settings.bzl", "BoolSettingInfo")
load(":sources.bzl", "gather_dist_infos", "gather_files")
load(":types.bzl", "TYPES", "TYPES_IN_BATCH", "TYPES_IN_SUITE")

def interpreter(environment):
    """The Python that runs the launcher in an environment.

    It is named by its path, not made a tool: the environments lock says where it is, and Bazel needs no Nix to analyse.

    Args:
      environment: WeftEnvironmentInfo

    Returns:
      string: an absolute path
    """
    if environment.kind == "octave":
        return environment.out_path + "/libexec/weft/python3"
    return environment.out_path + "/bin/python3"

def launcher_env(environment):
    """What the launcher's own process sees; a test's process sees a clean set that the launcher makes.

    Args:
      environment: WeftEnvironmentInfo

    Returns:
      dict
    """
    return {
        "LANG": "C.UTF-8",
        "PATH": environment.out_path + "/bin",
        # A result that is cached must not hang on the order of a set.
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
    }

def tree_path(short_path):
    """Where a file stands in a private tree: where it stands in the workspace.

    Args:
      short_path: as File.short_path has it.

    Returns:
      string
    """
    return "external/" + short_path[3:] if short_path.startswith("../") else short_path

def _file_line(file):
    return "f\t{}\t{}".format(file.path, file.short_path)

def _source_line(file):
    return "s\t" + tree_path(file.short_path)

def _import_line(path):
    return "i\t" + path

def _dist_info_line(text):
    return "d\t" + text

def _write_manifest(ctx, files, first_party, imports, dist_infos):
    manifest = ctx.actions.declare_file(ctx.label.name + "/manifest")
    lines = ctx.actions.args()
    lines.set_param_file_format("multiline")
    lines.add_all(files, map_each = _file_line, expand_directories = False)
    lines.add_all(first_party, map_each = _source_line, expand_directories = False)
    lines.add_all(imports, map_each = _import_line)
    lines.add_all(dist_infos, map_each = _dist_info_line)
    ctx.actions.write(manifest, lines)
    return manifest

def first_type(types, environment_types):
    """The type whose cell speaks for its file in an environment.

    Args:
      types: the types of the file.
      environment_types: the types that run in the environment; empty = all.

    Returns:
      string, or None when none of them runs there
    """
    for test_type in types:
        if not environment_types or test_type in environment_types:
            return test_type
    return None

def _in_batch(ctx, spec):
    # Coverage and a limit of memory are set for a process, not for a cell in it.
    own = ctx.attr.isolation != "cell" or ctx.attr.memory_mb or "coverage" in spec
    return ctx.attr._batch[BoolSettingInfo].value and ctx.attr.kind == "python" and spec["type"] in TYPES_IN_BATCH and not own

def _spec(ctx, environment, test_type):
    spec = {
        "environment": {
            "kind": environment.kind,
            "name": environment.name,
            "storePath": environment.out_path,
            "version": environment.version,
        },
        "file": tree_path(ctx.file.src.short_path),
        "label": str(ctx.label).removeprefix("@@").removesuffix(".cells"),
        "timeoutSeconds": ctx.attr.timeout_seconds,
        "type": test_type,
    }
    if ctx.attr.env:
        spec["env"] = ctx.attr.env
    if test_type == "unit" and (ctx.attr._coverage[BoolSettingInfo].value or ctx.configuration.coverage_enabled):
        spec["coverage"] = True
    if ctx.attr.isolation == "package":
        spec["isolation"] = "package"
    elif _in_batch(ctx, spec):
        spec["isolation"] = "batch"
    if ctx.attr.memory_mb:
        spec["memoryMegabytes"] = ctx.attr.memory_mb
    if ctx.attr.types_at_collection:
        spec["typesAtCollection"] = True
    if ctx.attr.kind == "python" and test_type == first_type(ctx.attr.types, environment.types):
        # One cell is enough to tell of tests that none of the cells runs.
        spec["types"] = ctx.attr.types
    if test_type == "security" and ctx.files._advisories:
        spec["advisories"] = [[f.path, f.short_path] for f in ctx.files._advisories]
    return spec

def _declare_cell(ctx, environment, spec, manifest, inputs, tools):
    folder = "{}/{}/{}".format(ctx.label.name, spec["type"], environment.name)
    outputs = struct(
        json = ctx.actions.declare_file(folder + "/cell.json"),
        log = ctx.actions.declare_file(folder + "/cell.log"),
        xml = ctx.actions.declare_file(folder + "/cell.xml"),
    )
    advisories = ctx.files._advisories if "advisories" in spec else []

    # The same command line with and without workers, so that both share one cached result.
    parameters = ctx.actions.args()
    parameters.use_param_file("@%s", use_always = True)
    parameters.set_param_file_format("multiline")
    parameters.add_all([json.encode(spec), manifest, outputs.json, outputs.xml, outputs.log])
    requirements = {"block-network": "1"}
    if ctx.attr._workers[BoolSettingInfo].value:
        requirements |= {"requires-worker-protocol": "json", "supports-worker-cancellation": "1", "supports-workers": "1"}
    ctx.actions.run(
        mnemonic = "WeftCell",
        progress_message = "Testing {} ({} @ {})".format(spec["file"], spec["type"], environment.name),
        executable = interpreter(environment),
        arguments = ["-sB", ctx.file._main.path, "cell", parameters],
        inputs = depset([manifest, environment.file] + advisories, transitive = [inputs]),
        # A worker begins anew when one of these changes.
        tools = tools,
        outputs = [outputs.json, outputs.xml, outputs.log],
        env = launcher_env(environment),
        use_default_shell_env = False,
        execution_requirements = requirements,
    )
    return outputs

def _check_src(ctx):
    # pytest reads doctests from text files of any name; only Octave's own files cannot be meant.
    octave = ctx.file.src.extension == "m"
    if octave != (ctx.attr.kind == "octave"):
        fail("{}: src {} is {} .m file; declare it with {}".format(
            ctx.label,
            ctx.file.src.short_path,
            "a" if octave else "no",
            "octave_file" if octave else "pytest_file",
        ))

def _weft_file_impl(ctx):
    _check_src(ctx)
    infos = [d[WeftSourcesInfo] for d in ctx.attr.deps if WeftSourcesInfo in d]
    first_party = depset(transitive = [info.first_party for info in infos])
    files = depset([ctx.file.src], transitive = gather_files(ctx.attr.deps + ctx.attr.data))
    imports = depset(transitive = [info.imports for info in infos], order = "preorder")
    manifest = _write_manifest(ctx, files, first_party, imports, gather_dist_infos(infos))

    tools = depset(ctx.files._launcher + (ctx.files._octave if ctx.attr.kind == "octave" else []))
    inputs = depset(transitive = [files, tools])
    cells = {}
    groups = {}
    for target in ctx.attr.environment_targets:
        environment = target[WeftEnvironmentInfo]
        for test_type in ctx.attr.types:
            if environment.types and test_type not in environment.types:
                continue
            key = "{}@{}".format(test_type, environment.name)
            spec = _spec(ctx, environment, test_type)
            in_suite = test_type in TYPES_IN_SUITE or ctx.attr.isolation != "cell"
            outputs = None if in_suite else _declare_cell(ctx, environment, spec, manifest, inputs, tools)
            cells[key] = struct(spec = spec, outputs = outputs, environment = environment)
            if outputs:
                groups[key] = depset([outputs.json, outputs.xml, outputs.log])

    return [
        # No default outputs: building //... runs no test.
        DefaultInfo(files = depset()),
        OutputGroupInfo(cells = depset(transitive = groups.values()), **groups),
        WeftFileInfo(
            cells = cells,
            file = tree_path(ctx.file.src.short_path),
            inputs = depset([manifest] + ctx.files._advisories, transitive = [inputs]),
            manifest = manifest,
            sources = first_party,
        ),
        coverage_common.instrumented_files_info(ctx, dependency_attributes = ["deps"]),
    ]

weft_file = rule(
    doc = "The cells of one test file. Made by pytest_file and octave_file, which are what BUILD files say.",
    implementation = _weft_file_impl,
    attrs = {
        "src": attr.label(mandatory = True, allow_single_file = True, doc = "The test file."),
        "kind": attr.string(mandatory = True, values = ["python", "octave"], doc = "What interprets it."),
        "types": attr.string_list(mandatory = True, doc = "Test types it has tests of: " + ", ".join(TYPES) + "."),
        "types_at_collection": attr.bool(doc = "Whether a type without a test passes when the file has tests of others."),
        "environments": attr.string_list(doc = "Names of the environments it runs in (globs already expanded)."),
        "environment_targets": attr.label_list(
            providers = [WeftEnvironmentInfo],
            doc = "The targets of environments, in the same order.",
        ),
        "timeout_seconds": attr.int(default = 300, doc = "A cell that runs longer is stopped, and says in which test."),
        "memory_mb": attr.int(
            default = 0,
            doc = "Megabytes of data that each process of a cell may have (RLIMIT_DATA); beyond that an allocation fails " +
                  "in the test that makes it. 0: no limit.",
        ),
        "isolation": attr.string(
            default = "cell",
            values = ["cell", "suite", "package"],
            doc = "cell: a cached action of its own (integration and performance never are), under --@rules_weft//:batch perhaps " +
                  "in one process with others. " +
                  "suite: every type runs inside the suite's test action. package: so do all files of a suite that say so, " +
                  "together in one pytest process.",
        ),
        "env": attr.string_dict(doc = "Environment variables of the tests, besides those that Weft sets."),
        "deps": attr.label_list(allow_files = True, doc = "python_sources, octave_sources and other files that it needs."),
        "data": attr.label_list(allow_files = True, doc = "Files that it reads: they keep their paths in the private tree."),
        "_advisories": attr.label(default = Label("//:advisories"), allow_files = True),
        "_batch": attr.label(default = Label("//:batch")),
        "_coverage": attr.label(default = Label("//:coverage")),
        "_launcher": attr.label(default = Label("//launcher"), allow_files = True),
        "_main": attr.label(default = Label("//launcher:weft_launcher/main.py"), allow_single_file = True),
        "_octave": attr.label(default = Label("//launcher:octave"), allow_files = True),
        "_workers": attr.label(default = Label("//:workers")),
    },
    provides = [WeftFileInfo],
)
