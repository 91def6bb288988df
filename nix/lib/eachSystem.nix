# eachSystem SYSTEMS FUNCTION: { SYSTEM = FUNCTION SYSTEM; … }, for outputs that exist once per system.
systems: function:
builtins.listToAttrs (
  map (system: {
    name = system;
    value = function system;
  }) systems
)
