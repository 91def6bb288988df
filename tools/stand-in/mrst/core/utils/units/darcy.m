function u = darcy()
  % One darcy in square metres: (1 cm/s · 1 cP) / (1 atm/cm).
  u = 1e-2 * 1e-3 / (101325 / 1e-2);
end
