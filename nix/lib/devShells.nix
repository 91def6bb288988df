# devShells WEFT-ENVIRONMENTS: a development shell for each environment, so that `nix develop .#'"python3.9"'` gives a
# person the very environment that the tests have. Takes and gives { SYSTEM.NAME = …; }.
{ nixpkgs }:
builtins.mapAttrs (
  system:
  builtins.mapAttrs (
    name: environment:
    nixpkgs.legacyPackages.${system}.mkShellNoCC {
      name = "weft-${name}";
      packages = [ environment ];
    }
  )
)
