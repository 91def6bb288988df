# nixpkgs' mkShellNoCC: what `nix develop` needs, which is a derivation built by bash that sources $stdenv/setup.
{
  system,
  run,
  bash,
}:
{
  name ? "nix-shell",
  packages ? [ ],
  shellHook ? "",
  ...
}@arguments:
derivation (
  removeAttrs arguments [ "packages" ]
  // {
    inherit name system shellHook;
    buildInputs = packages;
    # `nix develop` writes what it learns to the outputs that this variable names.
    outputs = [ "out" ];
    builder = "${bash}/bin/bash";
    args = [
      "-c"
      "source $stdenv/setup; export > $out"
    ];
    stdenv = run "stand-in-stdenv" { } ''
      mkdir $out
      cat > $out/setup <<'EOF'
      for input in $buildInputs; do
        PATH=$input/bin''${PATH:+:$PATH}
      done
      export PATH
      EOF
    '';
  }
)
