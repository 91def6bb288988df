# A Python interpreter from Debian's packages, as bin/pythonX.Y over lib/pythonX.Y.
{
  run,
  tree,
  elf,
}:
{ version, debs }:
let
  unpacked = tree "python3-${version}-debs" debs;
in
run "python3-${version}" { } ''
  mkdir -p $out/bin $out/lib
  cp -a ${unpacked}/usr/lib/x86_64-linux-gnu ${unpacked}/usr/lib/python${version} $out/lib/
  cp ${unpacked}/usr/bin/python${version} $out/bin/
  chmod -R u+w $out
  rm -f $out/lib/python${version}/EXTERNALLY-MANAGED
  ${elf.patchProgram [ "$out/lib/x86_64-linux-gnu" ]} $out/bin/python${version}
  ${import ./finish.nix version}
''
