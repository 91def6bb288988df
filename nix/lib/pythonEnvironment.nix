# A Python environment of the test matrix: a derivation whose path is sys.prefix, with the interpreter, the packages'
# programs, sh and the ordinary tools in bin/. What `weft env lock` reads of it evaluates without building.
{
  checkTypes,
  choosePackages,
  linkTools,
}:
{
  # The interpreter: pkgs.python311 and its like.
  python,
  # Its packages: a function (ps: [ ps.pytest ]) or a list of names ([ "pytest" ]). pytest has to be among them.
  packages ? (ps: [ ps.pytest ]),
  # One line for `weft env list` and the report.
  description ? null,
  # The test types that run in it; null is all.
  types ? null,
  # Packages whose programs belong into bin/ as well: a cell's PATH is bin/ alone.
  tools ? [ ],
  # What the tests need to run beside them, by name. Carried along as data, next to `types`.
  services ? { },
  # Whether two packages may have a file in common; nixpkgs' own setting of the same name.
  ignoreCollisions ? false,
}:
let
  caller = "pythonEnvironment";
  interpreter =
    if python ? buildEnv && python ? pkgs && python ? pythonVersion then
      python
    else
      throw "weft.lib.${caller}: python must be an interpreter such as pkgs.python311, with its packages given by `packages`";
  chosen = choosePackages {
    inherit caller;
    set = interpreter.pkgs;
    of = "Python ${interpreter.version}";
  } packages;
  names = map (package: package.pname or package.name) chosen;
  standIn = if interpreter ? standIn then [ interpreter.standIn ] else [ ];

  environment = interpreter.buildEnv.override {
    extraLibs = chosen;
    inherit ignoreCollisions;
    postBuild = ''
      ${linkTools interpreter.system tools}
      cat > $out/weft-environment.json <<'EOF'
      ${builtins.toJSON {
        kind = "python";
        inherit standIn;
      }}
      EOF
      if ! $out/bin/python3 -B -c 'import pytest'; then
        echo "weft.lib.${caller}: no pytest among the packages; add it: packages = ps: [ ps.pytest … ]" >&2
        exit 1
      fi
    '';
  };
in
environment
// {
  kind = "python";
  inherit (interpreter) version;
  description =
    if description != null then
      description
    else
      "Python ${interpreter.version} with ${builtins.concatStringsSep ", " names}";
  types = checkTypes caller types;
  inherit services standIn;
}
