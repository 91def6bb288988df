"""The repository rule that reads the environments lock."""

load(":lock.bzl", "read_lock")

_BUILD = """\
load("{rule}", "weft_environment")

package(default_visibility = ["//visibility:public"])

exports_files(["environments.bzl"])
"""

_TARGET = """
weft_environment(
    name = {name},
    facts = {facts},
    kind = {kind},
    out_path = {out_path},
    types = {types},
    version = {version},
)
"""

_ENVIRONMENTS = """\
\"\"\"The environments of {path} on {system}. Written by rules_weft.\"\"\"

# Nix's name for this machine.
SYSTEM = {system_literal}

# Environments that exist on this system: name → facts.
ENVIRONMENTS = {environments}

# Environments that are locked for other systems only: name → kind and systems.
ELSEWHERE = {elsewhere}
"""

_ARCHITECTURES = {
    "aarch64": "aarch64",
    "amd64": "x86_64",
    "arm64": "aarch64",
    "x86_64": "x86_64",
}

def nix_system(os_name, arch):
    """Nix's name of a system.

    Args:
      os_name: as repository_ctx.os.name has it.
      arch: as repository_ctx.os.arch has it.

    Returns:
      for example x86_64-linux
    """
    kernel = "darwin" if os_name.startswith("mac os") else os_name
    return "{}-{}".format(_ARCHITECTURES.get(arch, arch), kernel)

def _lock_path(repository_ctx):
    override = repository_ctx.getenv("WEFT_ENVIRONMENTS_LOCK")
    if override:
        if not override.startswith("/"):
            fail("WEFT_ENVIRONMENTS_LOCK is \"{}\"; it must be an absolute path".format(override))
        return repository_ctx.path(override)
    if not repository_ctx.attr.lock:
        fail("no environments lock is named: add weft.environments(lock = \"//:environments.lock.json\") " +
             "to MODULE.bazel and run `weft env lock`")
    return repository_ctx.path(repository_ctx.attr.lock)

def _literal(value):
    # json is Starlark but for these words, and the lock's values are strings and lists of them.
    return json.encode_indent(value, indent = "    ")

def _environments_repository_impl(repository_ctx):
    path = _lock_path(repository_ctx)
    repository_ctx.watch(path)
    if not path.exists:
        fail("the environments lock {} does not exist; run `weft env lock`".format(path))
    system = nix_system(repository_ctx.os.name, repository_ctx.os.arch)
    here, elsewhere, error = read_lock(repository_ctx.read(path), system)
    if error:
        fail("the environments lock {} {}".format(path, error))

    build = _BUILD.format(rule = Label("//private:environment.bzl"))
    for name, env in here.items():
        facts = name + ".json"
        repository_ctx.file(facts, json.encode_indent({
            "kind": env["kind"],
            "name": name,
            "outPath": env["outPath"],
            "types": env["types"],
            "version": env["version"],
        }, indent = "  ") + "\n", executable = False)
        build += _TARGET.format(
            name = repr(name),
            facts = repr(facts),
            kind = repr(env["kind"]),
            out_path = repr(env["outPath"]),
            types = repr(env["types"]),
            version = repr(env["version"]),
        )
    repository_ctx.file("BUILD.bazel", build, executable = False)
    repository_ctx.file("environments.bzl", _ENVIRONMENTS.format(
        path = path,
        system = system,
        system_literal = repr(system),
        environments = _literal(here),
        elsewhere = _literal(elsewhere),
    ), executable = False)

environments_repository = repository_rule(
    doc = "Small regular files that say which environments there are; nothing links into the Nix store.",
    implementation = _environments_repository_impl,
    attrs = {
        "lock": attr.label(doc = "The environments lock; WEFT_ENVIRONMENTS_LOCK takes its place."),
    },
)
