{
  description = "A reservoir group's tests, through six environments";

  inputs = {
    # The last release with Python 3.10; Python 3.9 was last in the one before it but one.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    nixpkgs-python39.url = "github:NixOS/nixpkgs/nixos-24.11";
    mrst = {
      url = "github:SINTEF-AppliedCompSci/MRST/f8cbdee4de6b3dda5f95b00831f9adb53180eed2";
      flake = false;
    };
    weft = {
      url = "path:../..";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    {
      nixpkgs,
      nixpkgs-python39,
      mrst,
      weft,
      ...
    }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      testTools = ps: [
        ps.pytest
        ps.pytest-cov
        ps.pytest-benchmark
        ps.bandit
      ];
    in
    rec {
      weftEnvironments = weft.lib.eachSystem systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          pkgs39 = nixpkgs-python39.legacyPackages.${system};
          inherit (weft.lib) pythonEnvironment octaveEnvironment;
        in
        {
          "python3.9" = pythonEnvironment {
            python = pkgs39.python39;
            packages = testTools;
            description = "the oldest Python that the group's cluster has";
          };
          "python3.10" = pythonEnvironment {
            python = pkgs.python310;
            packages = testTools;
            description = "Python 3.10";
          };
          "python3.11" = pythonEnvironment {
            python = pkgs.python311;
            packages = testTools;
            description = "Python 3.11";
          };
          octave = octaveEnvironment {
            inherit (pkgs) octave;
            inherit mrst;
            description = "GNU Octave with MRST";
          };
          minimal = pythonEnvironment {
            python = pkgs.python311;
            packages = ps: [ ps.pytest ];
            description = "Python 3.11 and pytest, nothing else";
            types = [
              "unit"
              "integration"
              "compatibility"
            ];
          };
          full = pythonEnvironment {
            python = pkgs.python311;
            packages =
              ps:
              testTools ps
              ++ [
                ps.coverage
                ps.numpy
              ];
            description = "Python 3.11 with everything that the project can use";
          };
        }
      );
      # `nix develop .#'"python3.9"'` is the very environment of the tests.
      devShells = weft.lib.devShells weftEnvironments;
    };
}
