# checkTypes CALLER TYPES: TYPES, when it is null (all types) or a list of known types; else an error that names them.
{ testTypes }:
caller: types:
let
  unknown = builtins.filter (type: !builtins.elem type testTypes) types;
  known = builtins.concatStringsSep ", " testTypes;
in
if types == null then
  null
else if !builtins.isList types || types == [ ] then
  throw "weft.lib.${caller}: types must be a list of test types (${known}); leave it out for all of them"
else if unknown != [ ] then
  throw "weft.lib.${caller}: unknown test type ${builtins.toJSON (builtins.head unknown)} in types; known are ${known}"
else
  types
