# weft.lib: what a project's flake calls. `nixpkgs` is the flake input that sh, the ordinary tools and the Python under
# Octave's launcher are taken from.
{ nixpkgs }:
let
  testTypes = import ./testTypes.nix;
  checkTypes = import ./checkTypes.nix { inherit testTypes; };
  choosePackages = import ./choosePackages.nix;
  linkTools = import ./linkTools.nix { inherit nixpkgs; };
in
{
  inherit testTypes;
  eachSystem = import ./eachSystem.nix;
  devShells = import ./devShells.nix { inherit nixpkgs; };
  pythonEnvironment = import ./pythonEnvironment.nix {
    inherit checkTypes choosePackages linkTools;
  };
  octaveEnvironment = import ./octaveEnvironment.nix {
    inherit
      nixpkgs
      checkTypes
      choosePackages
      linkTools
      ;
  };
}
