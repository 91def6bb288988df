# `import nixpkgs { system = …; }`, as nixpkgs itself is imported. Other arguments (config, overlays) change nothing here.
{
  system ? "x86_64-linux",
  ...
}:
if system == "x86_64-linux" then
  import ./packages.nix { inherit system; }
else
  throw "stand-in nixpkgs: no packages for ${system}"
