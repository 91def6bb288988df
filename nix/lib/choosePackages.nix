# choosePackages { caller, set, of } PACKAGES: the list of packages, which PACKAGES gives as nixpkgs does, by a function
# of the package set (ps: [ ps.numpy ]), or by names ([ "numpy" ]), for which a wrong one is said with what to do.
{
  caller,
  set, # the interpreter's package set
  of, # the interpreter, as a person calls it: "Python 3.11.9"
}:
packages:
let
  byName =
    name:
    set.${name}
      or (throw "weft.lib.${caller}: ${of} has no package ${builtins.toJSON name}; look for its name in that nixpkgs (nix search), pin a nixpkgs that has it, or make it with ${of}'s pkgs.buildPythonPackage");
in
if builtins.isFunction packages then
  packages set
else if builtins.isList packages && builtins.all builtins.isString packages then
  map byName packages
else
  throw "weft.lib.${caller}: packages must be a function such as (ps: [ ps.numpy ]) or a list of names such as [ \"numpy\" ]"
