function q = convertFrom(q, unit)
  % A quantity in UNIT, expressed in SI units.
  q = q .* unit;
end
