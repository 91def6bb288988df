{
  description = "One test suite through every environment it must work in";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    weft = {
      url = "github:weft-build/weft";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { nixpkgs, weft, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
    in
    rec {
      # Each is a column of the matrix: `weft test all` runs the tests in every one of them.
      weftEnvironments = weft.lib.eachSystem systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          "python3.11" = weft.lib.pythonEnvironment {
            python = pkgs.python311;
            packages = ps: [
              ps.pytest
              ps.pytest-cov
            ];
          };
          # What the project needs at the least, so that a test notices an import too many.
          minimal = weft.lib.pythonEnvironment {
            python = pkgs.python311;
            packages = ps: [ ps.pytest ];
            types = [
              "unit"
              "compatibility"
            ];
          };
        }
      );
      # `nix develop .#minimal` is the very environment of the tests.
      devShells = weft.lib.devShells weftEnvironments;
    };
}
