function u = meter()
  % One metre, the SI unit of length.
  u = 1;
end
