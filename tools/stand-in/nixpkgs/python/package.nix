# A Python package from a Debian package, its modules in site/. `propagated` names what it needs beside it.
{
  run,
  elf,
  version,
  interpreter,
}:
{
  pname,
  deb,
  propagated ? [ ],
  libraries ? [ ], # folders with the shared libraries of its extension modules
}:
let
  tag = "cpython-${builtins.replaceStrings [ "." ] [ "" ] version}-";
in
run "python${version}-${pname}" { } ''
  mkdir unpacked $out
  ar p ${deb} data.tar.xz | unxz | tar x -o -C unpacked
  cp -a unpacked/usr/lib/python3/dist-packages $out/site
  # Debian ships the extension modules of every Python it supports; another one's are of no use.
  find $out/site -name '*.so' | while read -r module; do
    case $module in
      *${tag}*) ${elf.patchLibrary libraries} $module ;;
      *) rm $module ;;
    esac
  done
  ${interpreter}/bin/python -m compileall -q --invalidation-mode unchecked-hash $out/site
''
// {
  inherit pname propagated;
}
