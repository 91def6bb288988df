# An Octave environment of the test matrix: octave, octave-cli, sh and the ordinary tools in bin/, the Python that runs
# Weft's launcher in libexec/weft (not on a test's PATH), and MRST, where there is one, as share/mrst.
{
  nixpkgs,
  checkTypes,
  choosePackages,
  linkTools,
}:
{
  # The interpreter: pkgs.octave.
  octave,
  # Its packages: a function (ps: [ ps.statistics ]) or a list of names.
  packages ? (ps: [ ]),
  # The MATLAB Reservoir Simulation Toolbox: a flake input (flake = false), or null.
  mrst ? null,
  # One line for `weft env list` and the report.
  description ? null,
  # The test types that run in it; null is all.
  types ? null,
  # Packages whose programs belong into bin/ as well: a cell's PATH is bin/ alone.
  tools ? [ ],
  # What the tests need to run beside them, by name. Carried along as data, next to `types`.
  services ? { },
}:
let
  caller = "octaveEnvironment";
  interpreter =
    if octave ? withPackages && octave ? version then
      octave
    else
      throw "weft.lib.${caller}: octave must be an interpreter such as pkgs.octave, with its packages given by `packages`";
  chosen = choosePackages {
    inherit caller;
    set = interpreter.pkgs;
    of = "Octave ${interpreter.version}";
  } packages;
  withPackages =
    if chosen == [ ] then interpreter else interpreter.withPackages (_: chosen);
  pkgs = nixpkgs.legacyPackages.${interpreter.system};

  mrstFolder =
    if builtins.pathExists "${mrst}/startup.m" then
      "${mrst}"
    else
      throw "weft.lib.${caller}: no startup.m in the folder given as mrst; give MRST's own repository as a flake input with flake = false";
  mrstIsStandIn = builtins.pathExists "${mrst}/WEFT_STAND_IN";
  mrstVersion = if mrstIsStandIn then "stand-in" else mrst.shortRev or mrst.version or "unknown";
  standIn =
    (if interpreter ? standIn then [ interpreter.standIn ] else [ ])
    ++ (if mrst != null && mrstIsStandIn then [ "mrst" ] else [ ]);
  facts = {
    kind = "octave";
    inherit standIn;
  }
  // (
    if mrst == null then
      { }
    else
      {
        mrst = {
          version = mrstVersion;
          standIn = mrstIsStandIn;
        };
      }
  );

  environment = pkgs.runCommand "octave-${interpreter.version}-env" { } ''
    mkdir -p $out/bin $out/libexec/weft $out/share
    ln -s ${withPackages}/bin/octave ${withPackages}/bin/octave-cli $out/bin/
    ln -s ${pkgs.python3}/bin/python3 $out/libexec/weft/python3
    ${if mrst == null then "" else "ln -s ${mrstFolder} $out/share/mrst"}
    ${linkTools interpreter.system tools}
    cat > $out/weft-environment.json <<'EOF'
    ${builtins.toJSON facts}
    EOF
  '';
  names =
    map (package: package.pname or package.name) chosen
    ++ (if mrst == null then [ ] else [ "MRST (${mrstVersion})" ]);
in
environment
// {
  kind = "octave";
  inherit (interpreter) version;
  description =
    if description != null then
      description
    else
      "Octave ${interpreter.version}"
      + (if names == [ ] then "" else " with ${builtins.concatStringsSep ", " names}");
  types = checkTypes caller types;
  inherit services standIn;
}
