# linkTools SYSTEM TOOLS: the shell lines that put sh, the ordinary tools and TOOLS into $out/bin beside the interpreter.
# A cell's PATH is that folder alone. What the environment has under the same name stays. The ordinary tools are those
# that tests call without a thought; nixpkgs' stdenv has them all, so they cost no download.
{ nixpkgs }:
system: tools:
let
  pkgs = nixpkgs.legacyPackages.${system};
  ordinary = [
    pkgs.coreutils
    pkgs.gnused
    pkgs.gnugrep
    pkgs.findutils
    pkgs.diffutils
  ];
  folders = map (tool: "${tool.bin or tool.out or tool}/bin") (ordinary ++ tools);
in
''
  ln -s ${pkgs.bash}/bin/sh $out/bin/sh
  for folder in ${builtins.concatStringsSep " " folders}; do
    for program in $folder/*; do
      name=''${program##*/}
      if ! [ -e $out/bin/$name ]; then ln -s $program $out/bin/$name; fi
    done
  done
''
