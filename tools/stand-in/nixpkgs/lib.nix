# The functions of nixpkgs' lib that Weft's own flakes use, under the same names.
rec {
  genAttrs =
    names: f:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );

  optional = condition: value: if condition then [ value ] else [ ];

  # The words of a text file, one per line.
  lines =
    file:
    builtins.filter (line: builtins.isString line && line != "") (
      builtins.split "\n" (builtins.readFile file)
    );

  # A package list with everything that it propagates, each once, in order of first sight.
  closure =
    let
      go =
        todo: seen:
        if todo == [ ] then
          seen
        else
          let
            this = builtins.head todo;
            rest = builtins.tail todo;
          in
          if builtins.any (other: other.outPath == this.outPath) seen then
            go rest seen
          else
            go (rest ++ (this.propagated or [ ])) (seen ++ [ this ]);
    in
    packages: go packages [ ];
}
