# linkTools SYSTEM TOOLS: the shell lines that put sh, the coreutils, what shell lines of tests take for granted beside
# them (sed, grep, awk, find, diff) and TOOLS into $out/bin beside the interpreter.
# A cell's PATH is that folder alone. What the environment has under the same name stays.
{ nixpkgs }:
system: tools:
let
  pkgs = nixpkgs.legacyPackages.${system};
  folders = map (tool: "${tool.bin or tool.out or tool}/bin") (
    # TOOLS first: a project that names another awk means it.
    tools
    ++ [
      pkgs.coreutils
      pkgs.gnused
      pkgs.gnugrep
      pkgs.gawk
      pkgs.findutils
      pkgs.diffutils
    ]
  );
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
