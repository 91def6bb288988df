{
  description = "Weft: one test suite through every environment it must work in";

  # One input. A project makes it follow its own nixpkgs: sh and the ordinary tools of its environments come from there.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { self, nixpkgs }:
    let
      lib = import ./nix/lib { inherit nixpkgs; };
      forSystems = lib.eachSystem [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
    in
    {
      # The environment constructors: see nix/lib, one function per file.
      inherit lib;

      # `nix flake init -t …` for a project that has no environments yet.
      templates.default = {
        path = ./nix/templates/default;
        description = "Two Python environments and the matrix over them";
      };

      packages = forSystems (system: rec {
        default = weft;
        weft = import ./nix/weft.nix {
          pkgs = nixpkgs.legacyPackages.${system};
          source = self;
        };
      });

      # What the Makefile needs on a machine that has Nix.
      devShells = forSystems (system: {
        default = import ./nix/developmentShell.nix { pkgs = nixpkgs.legacyPackages.${system}; };
      });

      # What nix/lib evaluates to; nix/tests/run has this and the rest.
      checks = forSystems (system: {
        lib = import ./nix/tests/check.nix { inherit nixpkgs system; };
      });
    };
}
