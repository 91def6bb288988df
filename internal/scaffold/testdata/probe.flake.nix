{
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
  outputs = inputs: { inherit inputs; };
}
