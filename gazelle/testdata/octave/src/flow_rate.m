function q = flow_rate (k, dp)
  q = k * dp / viscosity ();
end

%!assert (flow_rate (1, 2), 2)
