# What `weft init` asks of a flake's inputs: for each interpreter, whether it is there, and which of the names its
# package set has that evaluate, with their versions. What throws (a package that is broken, not for this Python, or was
# removed) is not there.
#
# questions = [ { input; interpreter; attrs = [ name … ]; } … ]
system: questions: inputs:
let
  holds = value: (builtins.tryEval value).success && (builtins.tryEval value).value;

  version = package: if holds (builtins.isString (package.version or null)) then package.version else "";

  answer =
    {
      input,
      interpreter,
      attrs,
    }:
    let
      pkgs = inputs.${input}.legacyPackages.${system};
      set = pkgs.${interpreter}.pkgs;
    in
    if holds (pkgs ? ${interpreter} && builtins.isString pkgs.${interpreter}.drvPath) then
      {
        exists = true;
        has = builtins.listToAttrs (
          map (name: {
            inherit name;
            value = version set.${name};
          }) (builtins.filter (name: holds (set ? ${name} && builtins.isString set.${name}.drvPath)) attrs)
        );
      }
    else
      {
        exists = false;
        has = { };
      };
in
map answer questions
