# tool { name; version; deb; libraries }: a Debian package's programs, patched for the store, all in bin/.
{
  run,
  tree,
  elf,
}:
{
  name,
  version,
  deb,
  libraries ? [ ],
  finish ? "",
}:
let
  unpacked = tree "${name}-${version}-deb" [ deb ];
  found = tree "${name}-${version}-libraries" libraries;
  paths = if libraries == [ ] then [ ] else [ "${found}/usr/lib/x86_64-linux-gnu" ];
in
run "${name}-${version}" { } ''
  mkdir -p $out/bin
  for file in ${unpacked}/usr/bin/* ${unpacked}/usr/sbin/*; do
    [ -e $file ] || continue
    if [ -L $file ]; then cp -P $file $out/bin/; continue; fi
    to=$out/bin/''${file##*/}
    cp $file $to
    chmod u+w $to
    case $(head -c 4 $to | tail -c 3) in
      ELF) ${elf.patchProgram paths} $to ;;
      # egrep, fgrep, ldd and their like: scripts that name their shell and their program by the machine's path
      *) sed -i -e '1s|^#! */bin/.*sh|#!'$out'/bin/sh|' $to ;;
    esac
  done
  ${finish}
''
// {
  inherit version;
  pname = name;
}
