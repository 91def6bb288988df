# The pinned artifacts: `deb NAME` is a Debian package's file, `set NAME` the files of a list in sets/,
# `goModule NAME` a Go module's zip. Both lock files have one artifact a line, fields between single spaces.
{ lib, artifact }:
let
  field = builtins.elemAt;
  table =
    file: entry:
    builtins.listToAttrs (
      map (
        line:
        let
          fields = builtins.filter builtins.isString (builtins.split " " line);
        in
        {
          name = field fields 0;
          value = entry fields;
        }
      ) (lib.lines file)
    );

  # NAME POOL-PATH SHA256; NAME starts with the release's when that is not bookworm.
  debs = table ./debs.lock (fields: {
    name = "${baseNameOf (field fields 0)}.deb";
    origin = baseNameOf (field fields 1);
    hash = field fields 2;
  });
  # NAME MODULE VERSION SHA256
  goModules = table ./go.lock (fields: {
    name = field fields 0;
    origin = "the Go module ${field fields 1}@${field fields 2}";
    hash = field fields 3;
  });
in
rec {
  deb = name: artifact debs.${name};
  set = name: map deb (lib.lines (./sets + "/${name}"));
  goModule = name: artifact goModules.${name};
}
