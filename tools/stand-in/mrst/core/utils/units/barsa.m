function u = barsa()
  % One bar in pascals.
  u = 1e5;
end
