# What nix/lib evaluates to: NAME = { expr; expected; }.
{ lib, nixpkgs }:
let
  pkgs = nixpkgs.legacyPackages.x86_64-linux;
  python = arguments: lib.pythonEnvironment ({ python = pkgs.python311; } // arguments);
  octave = arguments: lib.octaveEnvironment ({ inherit (pkgs) octave; } // arguments);
  real = {
    outPath = toString ./mrst/real;
    shortRev = "f8cbdee";
  };
  has = part: text: builtins.replaceStrings [ part ] [ "" ] text != text;
in
{
  pythonAttributes = {
    expr = {
      inherit (python { })
        kind
        version
        description
        types
        services
        standIn
        ;
    };
    expected = {
      kind = "python";
      version = "3.11.9";
      description = "Python 3.11.9 with pytest";
      types = null;
      services = { };
      standIn = [ ];
    };
  };

  pythonIsADerivation = {
    expr = {
      inherit (python { }) type system;
      named = has "python3-3.11.9-env" (python { }).drvPath;
    };
    expected = {
      type = "derivation";
      system = "x86_64-linux";
      named = true;
    };
  };

  pythonPackagesByFunction = {
    expr = map (p: p.pname) (python { packages = ps: [ ps.numpy ]; }).arguments.extraLibs;
    expected = [ "numpy" ];
  };

  pythonPackagesByName = {
    expr = map (p: p.pname) (python {
      packages = [
        "pytest"
        "numpy"
      ];
    }).arguments.extraLibs;
    expected = [
      "pytest"
      "numpy"
    ];
  };

  # The path is the cache key of every cell: words for people must not move it, what tests see must.
  pythonDescriptionMovesNothing = {
    expr = (python { description = "a"; }).outPath == (python { types = [ "unit" ]; }).outPath;
    expected = true;
  };
  pythonPackagesMoveThePath = {
    expr = (python { }).outPath == (python { packages = [ "numpy" ]; }).outPath;
    expected = false;
  };
  pythonToolsMoveThePath = {
    expr = (python { }).outPath == (python { tools = [ pkgs.split ]; }).outPath;
    expected = false;
  };

  pythonToolsComeFromTheirProgramsOutput = {
    expr =
      let
        script = (python { tools = [ pkgs.split ]; }).arguments.postBuild;
      in
      [
        (has "${pkgs.split.bin}/bin" script)
        (has "${pkgs.coreutils}/bin" script)
        (has "${pkgs.gnused}/bin" script)
        (has "${pkgs.bash}/bin/sh" script)
      ];
    expected = [
      true
      true
      true
      true
    ];
  };

  # sh and the ordinary tools are of the environment's own system, whatever the evaluating machine's.
  pythonOfAnotherSystem = {
    expr =
      let
        other = nixpkgs.legacyPackages.aarch64-darwin;
        env = lib.pythonEnvironment { python = other.python311; };
      in
      {
        inherit (env) system;
        coreutils = has "${other.coreutils}/bin" env.arguments.postBuild;
      };
    expected = {
      system = "aarch64-darwin";
      coreutils = true;
    };
  };

  typesAreKept = {
    expr =
      (python {
        types = [
          "unit"
          "security"
        ];
      }).types;
    expected = [
      "unit"
      "security"
    ];
  };

  standInIsNamed = {
    expr =
      let
        env = lib.pythonEnvironment { python = pkgs.standInPython; };
      in
      {
        inherit (env) standIn;
        told = has ''"standIn":["nixpkgs"]'' env.arguments.postBuild;
      };
    expected = {
      standIn = [ "nixpkgs" ];
      told = true;
    };
  };

  ignoreCollisionsIsHandedOn = {
    expr = map (ignoreCollisions: (python { inherit ignoreCollisions; }).arguments.ignoreCollisions) [
      true
      false
    ];
    expected = [
      true
      false
    ];
  };

  octaveAttributes = {
    expr = {
      inherit (octave { })
        kind
        version
        description
        types
        standIn
        ;
    };
    expected = {
      kind = "octave";
      version = "10.3.0";
      description = "Octave 10.3.0";
      types = null;
      standIn = [ ];
    };
  };

  octaveWithMrst = {
    expr =
      let
        env = octave { mrst = real; };
      in
      {
        inherit (env) description standIn;
        linked = has "ln -s ${real.outPath} $out/share/mrst" env.script;
        told = has ''"mrst":{"standIn":false,"version":"f8cbdee"}'' env.script;
      };
    expected = {
      description = "Octave 10.3.0 with MRST (f8cbdee)";
      standIn = [ ];
      linked = true;
      told = true;
    };
  };

  octaveWithMrstsStandIn = {
    expr =
      let
        env = octave { mrst = real // { outPath = toString ./mrst/standIn; }; };
      in
      {
        inherit (env) description standIn;
        told = has ''"mrst":{"standIn":true,"version":"stand-in"}'' env.script;
      };
    expected = {
      description = "Octave 10.3.0 with MRST (stand-in)";
      standIn = [ "mrst" ];
      told = true;
    };
  };

  octaveWithoutMrst = {
    expr = has "mrst" (octave { }).script;
    expected = false;
  };

  octavePackages = {
    expr = (octave { packages = [ "statistics" ]; }).description;
    expected = "Octave 10.3.0 with statistics";
  };

  octaveLauncherPythonIsNotOnPath = {
    expr = has "ln -s ${pkgs.python3}/bin/python3 $out/libexec/weft/python3" (octave { }).script;
    expected = true;
  };

  eachSystem = {
    expr = lib.eachSystem [ "a" "b" ] (system: system + "!");
    expected = {
      a = "a!";
      b = "b!";
    };
  };

  # A system without packages costs no other system its environments.
  eachSystemIsLazy = {
    expr = (lib.eachSystem [ "a" "b" ] (system: if system == "a" then 1 else throw "no")).a;
    expected = 1;
  };

  devShells = {
    expr =
      let
        env = python { };
        shells = lib.devShells { x86_64-linux."python3.11" = env; };
      in
      map (p: p == env) shells.x86_64-linux."python3.11".arguments.packages;
    expected = [ true ];
  };
}
