function r = radius (d)
  r = d / 2;
end
