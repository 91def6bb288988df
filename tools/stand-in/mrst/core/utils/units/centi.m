function u = centi()
  % A hundredth.
  u = 1e-2;
end
