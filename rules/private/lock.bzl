"""Reads the environments lock: pure, so that its errors can be tested."""

load(":types.bzl", "TYPES")

LOCK_VERSION = 1

_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

def read_lock(text, system):
    """Parses the lock.

    Args:
      text: the file's contents.
      system: Nix's name of this machine, such as x86_64-linux.

    Returns:
      (here, elsewhere, error): here maps the names of this system's environments to dicts of kind, version,
      outPath and types; elsewhere maps the others to kind and systems; error is None or what is wrong, with the remedy.
    """
    lock = json.decode(text, default = None)
    if type(lock) != "dict":
        return None, None, "is not a JSON object (an unresolved merge?); run `weft env lock` to write it anew"
    version = lock.get("version")
    if type(version) != "int":
        return None, None, "has no version; run `weft env lock` to write it anew"
    if version > LOCK_VERSION:
        return None, None, ("is of version {}, this rules_weft reads version {}: update rules_weft, " +
                            "or run this weft's `weft env lock`").format(version, LOCK_VERSION)
    if version < LOCK_VERSION:
        return None, None, "is of version {}, too old; run `weft env lock`".format(version)
    environments = lock.get("environments")
    if type(environments) != "dict":
        return None, None, "has no environments; run `weft env lock` to write it anew"

    here = {}
    elsewhere = {}
    for name, env in environments.items():
        error = _check(name, env, system)
        if error:
            return None, None, error
        systems = env["systems"]
        if system in systems:
            here[name] = {
                "kind": env["kind"],
                "outPath": systems[system]["outPath"],
                "types": env.get("types") or [],
                "version": env.get("version") or "",
            }
        else:
            elsewhere[name] = {"kind": env["kind"], "systems": sorted(systems.keys())}
    return here, elsewhere, None

def _check(name, env, system):
    for c in name.elems():
        if c not in _NAME_CHARACTERS:
            return ("has the environment \"{}\": a name may hold letters, digits and . _ + - only, because it " +
                    "becomes part of target names; rename the flake output and run `weft env lock`").format(name)
    if type(env) != "dict" or type(env.get("systems")) != "dict":
        return "has no systems for the environment \"{}\"; run `weft env lock`".format(name)
    if env.get("kind") not in ["python", "octave"]:
        return ("gives the environment \"{}\" the kind {}: kinds are python and octave; make it with " +
                "weft.lib.pythonEnvironment or weft.lib.octaveEnvironment and run `weft env lock`").format(name, repr(env.get("kind")))
    types = env.get("types") or []
    if type(types) != "list":
        return "gives the environment \"{}\" types that are no list; run `weft env lock`".format(name)
    for t in types:
        if t not in TYPES:
            return ("gives the environment \"{}\" the test type {}: types are {}; mend it in flake.nix and run " +
                    "`weft env lock`").format(name, repr(t), ", ".join(TYPES))
    facts = env["systems"].get(system)
    if facts == None:
        return None
    out_path = facts.get("outPath") if type(facts) == "dict" else None
    if type(out_path) != "string" or not out_path.startswith("/"):
        return "has no store path for the environment \"{}\" on {}; run `weft env lock`".format(name, system)
    return None
