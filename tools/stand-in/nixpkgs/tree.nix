# tree NAME DEBS: the packages unpacked into one merged-/usr tree, without manuals and translations.
{ run }:
name: debs:
run name { inherit debs; } ''
  mkdir -p $out/usr/lib/x86_64-linux-gnu $out/usr/bin
  for deb in $debs; do
    mkdir unpacked
    ar p "$deb" data.tar.xz | unxz | tar x -o -C unpacked
    for folder in bin lib; do
      if [ -d unpacked/$folder ]; then cp -a unpacked/$folder/. $out/usr/$folder/; fi
    done
    if [ -d unpacked/usr ]; then cp -a unpacked/usr/. $out/usr/; fi
    rm -rf unpacked
  done
  cd $out/usr
  for folder in doc man info locale lintian bug icons; do rm -rf share/$folder; done
''
