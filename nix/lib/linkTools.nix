# linkTools SYSTEM TOOLS: the shell lines that put sh, the coreutils and TOOLS into $out/bin beside the interpreter.
# A cell's PATH is that folder alone. What the environment has under the same name stays.
{ nixpkgs }:
system: tools:
let
  pkgs = nixpkgs.legacyPackages.${system};
  folders = map (tool: "${tool.bin or tool.out or tool}/bin") ([ pkgs.coreutils ] ++ tools);
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
