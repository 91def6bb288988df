# python VERSION INTERPRETER: the interpreter with nixpkgs' attributes around it.
{
  lib,
  run,
  deb,
  tree,
  elf,
}:
{
  pythonVersion, # "3.9"
  version, # "3.9.2"
  interpreter,
}:
let
  package = import ./package.nix {
    inherit run elf interpreter;
    version = pythonVersion;
  };
  environment = import ./environment.nix {
    inherit lib run interpreter;
    version = pythonVersion;
  };
  python =
    interpreter
    // {
      inherit version pythonVersion;
      pname = "python3";
      executable = "python${pythonVersion}";
      sitePackages = "lib/python${pythonVersion}/site-packages";
      # Named in the environments lock, so that a report can say what it was made with.
      standIn = "nixpkgs";
      pkgs = import ./packages.nix {
        inherit
          lib
          deb
          tree
          package
          ;
        version = pythonVersion;
      };
      buildEnv = (environment { }) // {
        override = arguments: withAttributes (environment arguments);
      };
      withPackages = choose: python.buildEnv.override { extraLibs = choose python.pkgs; };
    };
  # As in nixpkgs, an environment still has the attributes of its interpreter, but its own paths.
  withAttributes =
    env: env // { inherit (python) pythonVersion executable sitePackages standIn; version = version; };
in
python
