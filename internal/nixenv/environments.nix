# What `weft env lock` asks of a flake's weftEnvironments: plain data about every
# environment, in one evaluation. An environment that throws comes back as null
# and keeps no other from being read; what tryEval cannot catch (a missing
# attribute, abort) fails the whole, and weft then asks piece by piece.
#
# only = { system = [ name … ]; } restricts the question, { system = null; } to a
# system; null asks for all.
only: envs:
let
  # The value, or null when it throws.
  attempt =
    value:
    let
      tried = builtins.tryEval (builtins.deepSeq value value);
    in
    if tried.success then tried.value else null;

  describe =
    env:
    if !builtins.isAttrs env then
      { notDerivation = builtins.typeOf env; }
    else if !(env ? drvPath && env ? outPath) then
      { notDerivation = "set without drvPath"; }
    else
      {
        # Not called outPath: --json prints a set that has one as that string.
        paths = attempt {
          drv = builtins.unsafeDiscardStringContext env.drvPath;
          out = builtins.unsafeDiscardStringContext env.outPath;
        };
        kind = attempt (env.kind or null);
        version = attempt (env.version or null);
        description = attempt (env.description or null);
        types = attempt (env.types or null);
        standIn = attempt (env.standIn or null);
      };

  wanted =
    system: names:
    if only == null || only.${system} == null then
      names
    else
      builtins.filter (n: builtins.elem n only.${system}) names;

  perSystem =
    system: byName:
    if !builtins.isAttrs byName then
      { notSet = builtins.typeOf byName; }
    else if byName ? drvPath then
      { notSet = "derivation"; }
    else
      {
        environments = builtins.listToAttrs (
          map (name: {
            inherit name;
            value = attempt (describe byName.${name});
          }) (wanted system (builtins.attrNames byName))
        );
      };
in
if !builtins.isAttrs envs then
  { notSet = builtins.typeOf envs; }
else
  {
    systems = builtins.mapAttrs (system: byName: attempt (perSystem system byName)) (
      if only == null then envs else builtins.intersectAttrs only envs
    );
  }
