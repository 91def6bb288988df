function u = kilogram()
  % One kilogram, the SI unit of mass.
  u = 1;
end
