# The cases of values.nix whose value is not the expected one, as { NAME = { value; expected; }; }; an empty set is good.
{
  nixpkgs ? import ./fakeNixpkgs.nix,
  lib ? import ../lib { inherit nixpkgs; },
}:
let
  cases = import ./values.nix { inherit lib nixpkgs; };
  failed = builtins.filter (name: cases.${name}.expr != cases.${name}.expected) (
    builtins.attrNames cases
  );
in
{
  count = builtins.length (builtins.attrNames cases);
  failures = builtins.listToAttrs (
    map (name: {
      inherit name;
      value = {
        value = cases.${name}.expr;
        inherit (cases.${name}) expected;
      };
    }) failed
  );
}
