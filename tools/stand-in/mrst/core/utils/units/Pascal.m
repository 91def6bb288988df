function u = Pascal()
  % One pascal, the SI unit of pressure.
  u = 1;
end
