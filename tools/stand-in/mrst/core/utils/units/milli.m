function u = milli()
  % A thousandth.
  u = 1e-3;
end
