# The environments of the e2e workspaces; the harness fills in where weft lies.
{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    nixpkgs-python39.url = "github:NixOS/nixpkgs/nixos-24.11";
    mrst = {
      url = "github:SINTEF-AppliedCompSci/MRST/f8cbdee4de6b3dda5f95b00831f9adb53180eed2";
      flake = false;
    };
    weft = {
      url = "path:@weft@";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };
  outputs =
    {
      nixpkgs,
      nixpkgs-python39,
      weft,
      ...
    }:
    {
      weftEnvironments = weft.lib.eachSystem [ "x86_64-linux" ] (system: {
        "python3.9" = weft.lib.pythonEnvironment {
          python = nixpkgs-python39.legacyPackages.${system}.python39;
          packages = ps: [ ps.pytest ];
        };
        "python3.11" = weft.lib.pythonEnvironment {
          python = nixpkgs.legacyPackages.${system}.python311;
          packages = ps: [ ps.pytest ];
        };
      });
    };
}
