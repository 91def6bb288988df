# A Python interpreter from the zip of the Go module that embeds one, as bin/pythonX.Y over lib/pythonX.Y.
{
  run,
  tree,
  deb,
  elf,
}:
{ version, zip }:
let
  crypt = tree "libcrypt1" [ (deb "libcrypt1") ];
in
run "python3-${version}" { } ''
  unzip -q ${zip} 'github.com/kluctl/*/python/internal/data/linux-amd64/*'
  cd github.com/kluctl/*/python/internal/data/linux-amd64
  chmod -R u+w .
  # The module holds its large files gzipped, and a module's zip has neither modes nor links.
  find . -name '*.gz' | xargs gunzip
  mkdir -p $out/bin
  cp -a lib $out/
  cp bin/python${version} $out/bin/
  chmod 755 $out/bin/python${version}
  ${
    elf.patchProgram [
      "$out/lib"
      "${crypt}/usr/lib/x86_64-linux-gnu"
    ]
  } $out/bin/python${version}
  ${import ./finish.nix version}
''
