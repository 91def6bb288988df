# What `python.buildEnv.override { … }` gives: a tree whose path is sys.prefix, with the interpreter's names, the
# packages' modules and their console scripts. As in nixpkgs, two packages with one file collide unless that is ignored.
{
  lib,
  run,
  interpreter,
  version,
}:
{
  extraLibs ? [ ],
  postBuild ? "",
  ignoreCollisions ? false,
  ...
}:
run "python3-${version}-env"
  {
    packages = map (package: package.outPath) (lib.closure extraLibs);
    collide = if ignoreCollisions then "" else "1";
  }
  ''
    site=$out/lib/python${version}/site-packages
    mkdir -p $out/bin $site/__pycache__
    ln -s ${interpreter}/bin/python${version} $out/bin/python${version}
    ln -s python${version} $out/bin/python3
    ln -s python3 $out/bin/python
    printf 'home = ${interpreter}/bin\ninclude-system-site-packages = false\n' > $out/pyvenv.cfg
    for package in $packages; do
      for file in $package/site/*; do
        name=''${file##*/}
        if [ $name = __pycache__ ]; then
          ln -sf $file/* $site/__pycache__/
        elif [ -e $site/$name ] && [ -n "$collide" ]; then
          echo "stand-in nixpkgs: two packages have the file $name: $(readlink $site/$name) and $file" >&2
          exit 1
        elif ! [ -e $site/$name ]; then
          ln -s $file $site/$name
        fi
      done
    done
    $out/bin/python ${./console_scripts.py} $out ${version}
    ${postBuild}
  ''
// {
  inherit version interpreter;
}
