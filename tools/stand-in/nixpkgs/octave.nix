# GNU Octave from Debian's packages. No Octave packages are to be had: `withPackages` takes an empty list only.
{
  lib,
  run,
  busybox,
  set,
  tree,
  elf,
}:
let
  version = "7.3.0";
  unpacked = tree "octave-${version}-debs" (set "octave");
  libraries = "${unpacked}/usr/lib/x86_64-linux-gnu";
  path = builtins.concatStringsSep ":" [
    "${libraries}/octave/${version}"
    libraries
    "${libraries}/blas"
    "${libraries}/lapack"
    "${unpacked}/usr/lib"
    elf.libraries
  ];
  octave =
    run "octave-${version}" { } ''
      mkdir -p $out/bin
      # The libraries go on the loader's command line, not into the environment: a child process is no Octave.
      # Octave complains at its end when it cannot write its history, which it cannot in a sandbox.
      cat > $out/bin/octave-cli <<EOF
      #!${busybox}/bin/sh
      export OCTAVE_HOME=${unpacked}/usr OCTAVE_EXEC_HOME=${unpacked}/usr OCTAVE_HISTFILE=\''${OCTAVE_HISTFILE:-/dev/null}
      exec ${elf.loader} --argv0 octave-cli --library-path ${path} ${unpacked}/usr/bin/octave-cli "\$@"
      EOF
      chmod 755 $out/bin/octave-cli
      ln -s octave-cli $out/bin/octave
      HOME=$TMPDIR $out/bin/octave --no-gui --eval 'assert(rank(magic(4)), 3); assert(det(eye(3)), 1); assert(sparse(eye(2)) \ [1; 2], [1; 2])'
    ''
    // {
      inherit version;
      pname = "octave";
      standIn = "nixpkgs";
      pkgs = { };
      withPackages =
        choose:
        if choose octave.pkgs == [ ] then octave else throw "stand-in nixpkgs: no packages for Octave";
    };
in
octave
