# nixpkgs' runCommand, for scripts that keep to a POSIX shell and the usual small programs.
{ run }:
name: attributes: script:
run (attributes.name or name) (removeAttrs attributes [
  "meta"
  "passthru"
]) script
// (attributes.passthru or { })
