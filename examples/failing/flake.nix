{
  description = "The same kind of project, with every way to fail";

  inputs = {
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
          };
          "python3.11" = pythonEnvironment {
            python = pkgs.python311;
            packages = ps: testTools ps ++ [ ps.numpy ];
          };
          octave = octaveEnvironment {
            inherit (pkgs) octave;
            inherit mrst;
          };
          minimal = pythonEnvironment {
            python = pkgs.python311;
            packages = ps: [ ps.pytest ];
            description = "Python 3.11 and pytest, nothing else";
          };
        }
      );
      # `nix develop .#'"python3.9"'` is the very environment of the tests.
      devShells = weft.lib.devShells weftEnvironments;
    };
}
