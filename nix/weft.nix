# The weft command. go.mod asks for Go 1.26, which nixos-25.11 has beside its default Go.
{ pkgs, source }:
(pkgs.buildGo126Module or pkgs.buildGoModule) {
  pname = "weft";
  version = "0.1.0";
  src = source;
  # Of the folder that `go mod vendor` makes; nix/update-vendor-hash writes it after a change of
  # go.mod or of what the code imports.
  vendorHash = "sha256-ehRFgyPdMPC0M7ZBRpKUhH0cPI3WKLmk2/DDYt9IYiE=";
  subPackages = [ "cmd/weft" ];
  # The tests start Bazel and Nix, which a build in Nix's sandbox cannot.
  doCheck = false;
  env.CGO_ENABLED = "0";
  ldflags = [
    "-s"
    "-w"
  ];
  meta = {
    description = "One test suite through every environment it must work in";
    mainProgram = "weft";
  };
}
