# A nixpkgs of placeholders with the attributes that nix/lib reads, for any system: what the constructors evaluate to
# can be tested without building, fetching or choosing a nixpkgs.
let
  package =
    system: name: attributes:
    derivation {
      inherit name system;
      builder = "/no/such/builder";
    }
    // {
      pname = name;
    }
    // attributes;

  forSystem =
    system:
    let
      make = package system;
      python = make "python3-3.11.9" {
        version = "3.11.9";
        pythonVersion = "3.11";
        pkgs = {
          pytest = make "pytest" { };
          numpy = make "numpy" { };
        };
        # As with nixpkgs' callPackage: a default result that can be made anew with other arguments.
        buildEnv = make "python3-3.11.9-env" { } // {
          override =
            arguments:
            derivation (
              {
                name = "python3-3.11.9-env";
                inherit system;
                builder = "/no/such/builder";
              }
              // arguments
            )
            // {
              inherit arguments;
            };
        };
      };
      octave = make "octave-10.3.0" {
        version = "10.3.0";
        pkgs.statistics = make "statistics" { };
        withPackages =
          choose:
          derivation {
            name = "octave-10.3.0-with";
            inherit system;
            builder = "/no/such/builder";
            packages = choose octave.pkgs;
          };
      };
    in
    {
      inherit python octave;
      python311 = python;
      python3 = python;
      standInPython = python // {
        standIn = "nixpkgs";
      };
      coreutils = make "coreutils" { };
      gnused = make "gnused" { };
      gnugrep = make "gnugrep" { };
      findutils = make "findutils" { };
      diffutils = make "diffutils" { };
      bash = make "bash" { };
      # A package with its programs in an output of their own.
      split = make "split" { bin = make "split-bin" { }; };
      # The script is part of the derivation: what it names decides the path.
      runCommand =
        name: attributes: script:
        derivation {
          inherit name system script;
          builder = "/no/such/builder";
        }
        // {
          inherit script;
        };
      mkShellNoCC = arguments: make arguments.name { inherit arguments; };
    };
in
{
  legacyPackages = builtins.listToAttrs (
    map
      (name: {
        inherit name;
        value = forSystem name;
      })
      [
        "x86_64-linux"
        "aarch64-darwin"
      ]
  );
}
