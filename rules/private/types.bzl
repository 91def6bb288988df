"""Test types and how names and globs are checked against what there is."""

TYPES = ["unit", "integration", "performance", "security", "compatibility"]

# These need a process, a machine or a network of their own: they run in the suite's test action.
TYPES_IN_SUITE = ["integration", "performance"]

# Under --@rules_weft//:batch cells of these may run in one process with others.
TYPES_IN_BATCH = ["unit", "compatibility"]

def check_types(where, types):
    """Fails unless types is a list of distinct test types with at least one element.

    Args:
      where: the target, for the message.
      types: what the BUILD file says.
    """
    if not types:
        fail("{}: types is empty; name at least one of {}".format(where, ", ".join(TYPES)))
    seen = {}
    for t in types:
        if t not in TYPES:
            fail("{}: there is no test type \"{}\"; types are {}".format(where, t, ", ".join(TYPES)))
        if t in seen:
            fail("{}: the test type \"{}\" is listed twice".format(where, t))
        seen[t] = True

def matches(glob, name):
    """Whether name matches glob, where * stands for any text.

    Args:
      glob: for example `python3.*`.
      name: an environment's name.

    Returns:
      bool
    """
    parts = glob.split("*")
    if len(parts) == 1:
        return glob == name
    if not name.startswith(parts[0]) or not name.endswith(parts[-1]):
        return False
    if len(name) < len(parts[0]) + len(parts[-1]):
        return False
    rest = name[len(parts[0]):len(name) - len(parts[-1])]
    for part in parts[1:-1]:
        at = rest.find(part)
        if at < 0:
            return False
        rest = rest[at + len(part):]
    return True

def resolve_environments(where, kind, globs, environments, elsewhere, system):
    """The environments of one kind that globs select, sorted by the lock's order.

    Args:
      where: the target, for messages.
      kind: python or octave.
      globs: names and globs; empty means all of this kind.
      environments: dict name → facts, those that exist on this system.
      elsewhere: dict name → {kind, systems}: those that exist on other systems only.
      system: this machine's Nix system.

    Returns:
      list of names; fails when a glob selects none.
    """
    of_kind = [name for name, env in environments.items() if env["kind"] == kind]
    if not globs:
        if not of_kind:
            there = sorted(environments.keys()) + sorted(elsewhere.keys())
            fail(("{}: the environments lock has no {} environment for {} (it has {}); add one to flake.nix with " +
                  "weft.lib.{}Environment, then run `weft env lock`").format(
                where,
                kind,
                system,
                ", ".join(there) or "none at all",
                kind,
            ))
        return of_kind
    chosen = {}
    for glob in globs:
        found = [name for name in of_kind if matches(glob, name)]
        if not found:
            _fail_unmatched(where, kind, glob, environments, elsewhere, system, of_kind)
        chosen.update({name: True for name in found})
    return [name for name in of_kind if name in chosen]

def _fail_unmatched(where, kind, glob, environments, elsewhere, system, of_kind):
    other_kind = [name for name in environments if matches(glob, name)]
    if other_kind:
        fail("{}: the environment \"{}\" is of kind {}, this file needs {}; {} environments: {}".format(
            where,
            other_kind[0],
            environments[other_kind[0]]["kind"],
            kind,
            kind,
            ", ".join(of_kind) or "none",
        ))
    other_system = [name for name in elsewhere if matches(glob, name)]
    if other_system:
        fail(("{}: the environment \"{}\" is not locked for {}, only for {}; give flake.nix an output " +
              "weftEnvironments.{}.\"{}\" and run `weft env lock`, or leave it out of environments").format(
            where,
            other_system[0],
            system,
            ", ".join(elsewhere[other_system[0]]["systems"]),
            system,
            other_system[0],
        ))
    fail("{}: no environment matches \"{}\"; {} environments in the lock: {}".format(
        where,
        glob,
        kind,
        ", ".join(of_kind) or "none",
    ))
