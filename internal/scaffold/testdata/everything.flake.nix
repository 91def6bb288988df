# Written by weft init, and yours from here on: it is not written over once you have changed it.
{
  description = "The environments that the tests of Wells run in";

  inputs = {
    # sh, the coreutils and Python 3.10, Python 3.11, Octave come from here.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    # Each Python comes from a release that has it: Python 3.9 from here.
    nixpkgs-python39.url = "github:NixOS/nixpkgs/nixos-24.11";
    mrst = {
      url = "github:SINTEF-AppliedCompSci/MRST/f8cbdee4de6b3dda5f95b00831f9adb53180eed2";
      flake = false;
    };
  };

  outputs =
    {
      nixpkgs,
      nixpkgs-python39,
      mrst,
      ...
    }:
    let
      # Weft's Nix library lies beside the rules: see rules_weft/nix.
      weft = import ./rules_weft/nix { inherit nixpkgs; };
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      # What the project needs to run.
      requirements = ps: [
        ps.pyyaml
        # nixpkgs lacks nowhere==1
        # (pin a nixpkgs that has it, make it with buildPythonPackage, or keep the tests that need it
        # out of this environment: gazelle:weft_environments in their BUILD file)
      ];
      # What its tests need besides.
      testRequirements = ps: [
        ps."3to2"
        ps.pytest
        ps.pytest-cov
        ps.six
      ];
      # Its optional features.
      optional = ps: [
        ps.matplotlib
        # nixpkgs lacks seaborn
        # (pin a nixpkgs that has it, make it with buildPythonPackage, or keep the tests that need it
        # out of this environment: gazelle:weft_environments in their BUILD file)
      ];
    in
    rec {
      # Each is a column of the matrix: `weft test all` runs the tests in every one of them.
      weftEnvironments = weft.eachSystem systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          pkgs39 = nixpkgs-python39.legacyPackages.${system};
        in
        {
          "python3.9" = weft.pythonEnvironment {
            python = pkgs39.python39;
            packages =
              ps:
              requirements ps
              ++ testRequirements ps
              ++ [
                ps.numpy
                ps.tomli
              ];
            description = "Python 3.9 with what the tests need";
          };
          "python3.10" = weft.pythonEnvironment {
            python = pkgs.python310;
            # nixpkgs lacks numpy>=1.2 for Python 3.10
            # (pin a nixpkgs that has it, make it with buildPythonPackage, or keep the tests that need it
            # out of this environment: gazelle:weft_environments in their BUILD file)
            packages = ps: requirements ps ++ testRequirements ps ++ [ ps.tomli ];
            description = "Python 3.10 with what the tests need";
          };
          "python3.11" = weft.pythonEnvironment {
            python = pkgs.python311;
            packages = ps: requirements ps ++ testRequirements ps ++ [ ps.numpy ];
            description = "Python 3.11 with what the tests need";
          };
          # So that a test notices an import too many.
          minimal = weft.pythonEnvironment {
            python = pkgs.python311;
            packages =
              ps:
              requirements ps
              ++ [
                ps.numpy
                ps.pytest
                ps.pytest-cov
              ];
            description = "Python 3.11 with what the project needs at the least";
            types = [
              "unit"
              "compatibility"
            ];
          };
          full = weft.pythonEnvironment {
            python = pkgs.python311;
            packages = ps: requirements ps ++ testRequirements ps ++ optional ps ++ [ ps.numpy ];
            description = "Python 3.11 with every optional feature";
          };
          octave = weft.octaveEnvironment {
            inherit (pkgs) octave;
            inherit mrst;
            description = "GNU Octave with MRST";
          };
        }
      );
      # `nix develop .#'"python3.9"'` is the very environment of the tests.
      devShells = weft.devShells weftEnvironments;
    };
}
