# Written by weft init, and yours from here on: it is not written over once you have changed it.
{
  description = "a \"quoted\" \${name}";

  inputs = {
    # sh, the coreutils and Python 3.11 come from here.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  };

  outputs =
    { nixpkgs, ... }:
    let
      # Weft's Nix library lies beside the rules: see rules_weft/nix.
      weft = import ./rules_weft/nix { inherit nixpkgs; };
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      # What its tests need besides.
      testRequirements = ps: [ ps.pytest ];
    in
    rec {
      # Each is a column of the matrix: `weft test all` runs the tests in every one of them.
      weftEnvironments = weft.eachSystem systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
        in
        {
          "python3.11" = weft.pythonEnvironment {
            python = pkgs.python311;
            packages = testRequirements;
            description = "Python 3.11 with what the tests need";
          };
        }
      );
      # `nix develop .#'"python3.11"'` is the very environment of the tests.
      devShells = weft.devShells weftEnvironments;
    };
}
