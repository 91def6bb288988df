# A shell with what building and testing Weft takes.
{ pkgs }:
pkgs.mkShellNoCC {
  name = "weft-development";
  packages = [
    pkgs.bazel_7
    (pkgs.go_1_26 or pkgs.go)
    pkgs.nix
    pkgs.buildifier
    pkgs.shellcheck
  ];
}
