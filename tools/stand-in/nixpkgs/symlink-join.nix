# nixpkgs' symlinkJoin and buildEnv, as far as Weft uses them: every file of the paths, linked into one tree.
{ run }:
{
  name,
  paths,
  postBuild ? "",
  ...
}:
run name { inherit paths; } ''
  mkdir -p $out
  for path in $paths; do
    cd $path
    find . -type d | while read -r folder; do mkdir -p $out/$folder; done
    find . ! -type d | while read -r file; do [ -e $out/$file ] || ln -s $path/$file $out/$file; done
  done
  cd $TMPDIR
  ${postBuild}
''
