# What nix/lib refuses, and the words it does so with: NAME = { expr; message; }.
{ lib, nixpkgs }:
let
  pkgs = nixpkgs.legacyPackages.x86_64-linux;
  python = arguments: (lib.pythonEnvironment ({ python = pkgs.python311; } // arguments)).drvPath;
  octave = arguments: (lib.octaveEnvironment ({ inherit (pkgs) octave; } // arguments)).drvPath;
  types = types: (lib.pythonEnvironment { inherit (pkgs) python; inherit types; }).types;
in
{
  unknownPackage = {
    expr = python { packages = [ "nunpy" ]; };
    message = ''weft.lib.pythonEnvironment: Python 3.11.9 has no package "nunpy"; look for its name in that nixpkgs (nix search), pin a nixpkgs that has it'';
  };
  packagesOfNoKind = {
    expr = python { packages = "numpy"; };
    message = "weft.lib.pythonEnvironment: packages must be a function such as (ps: [ ps.numpy ]) or a list of names such as";
  };
  pythonThatIsNone = {
    expr = python { python = pkgs.coreutils; };
    message = "weft.lib.pythonEnvironment: python must be an interpreter such as pkgs.python311";
  };
  unknownType = {
    expr = types [ "unit" "integ" ];
    message = ''weft.lib.pythonEnvironment: unknown test type "integ" in types; known are unit, integration, performance, security, compatibility'';
  };
  typesOfNoKind = {
    expr = types "unit";
    message = "weft.lib.pythonEnvironment: types must be a list of test types (unit, integration, performance, security, compatibility); leave it out for all of them";
  };
  noTypes = {
    expr = types [ ];
    message = "types must be a list of test types";
  };
  unknownArgument = {
    expr = python { pakages = [ ]; };
    message = "called with unexpected argument 'pakages'";
  };
  octaveThatIsNone = {
    expr = octave { octave = pkgs.coreutils; };
    message = "weft.lib.octaveEnvironment: octave must be an interpreter such as pkgs.octave";
  };
  unknownOctavePackage = {
    expr = octave { packages = [ "statistic" ]; };
    message = ''weft.lib.octaveEnvironment: Octave 10.3.0 has no package "statistic"'';
  };
  mrstThatIsNone = {
    expr = octave { mrst = ./mrst/none; };
    message = "weft.lib.octaveEnvironment: no startup.m in the folder given as mrst; give MRST's own repository as a flake input with flake = false";
  };
}
