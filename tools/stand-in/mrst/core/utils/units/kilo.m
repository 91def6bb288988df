function u = kilo()
  % A thousand.
  u = 1e3;
end
