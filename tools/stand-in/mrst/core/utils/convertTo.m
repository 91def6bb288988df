function q = convertTo(q, unit)
  % A quantity in SI units, expressed in UNIT.
  q = q ./ unit;
end
