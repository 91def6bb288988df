{
  description = "Stand-in for nixpkgs on closed networks: Debian and Go-module binaries behind nixpkgs' attribute names";

  outputs =
    { self }:
    let
      lib = import ./lib.nix;
      # The systems that a flake may name. All but x86_64-linux throw when they are used, and that throw
      # can be caught: an environments lock made with the stand-in leaves them out and says so.
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
        "i686-linux"
        "armv7l-linux"
        "riscv64-linux"
      ];
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs systems (system: import ./. { inherit system; });
    };
}
