function r = radius (d)
  r = d / 2;
end

%!assert (wells.radius (4), 2)
