% Q = flow_rate (K, DP): Darcy's law.
function q = flow_rate (k, dp, mu)
  if (nargin < 3)
    mu = 1;
  end
  if (any (k < 0))
    error ("flow_rate: negative permeability");
  end
  q = k .* dp ./ viscosity (mu);
end

%!test
%! assert (flow_rate (2, 3), 6);

%!assert (flow_rate ([1 2], 2), [2 4])
%!assert (flow_rate (1, 1, 4), 0.25, eps)
%!error <negative permeability> flow_rate (-1, 1)

%!shared k
%! k = 7;
%!test
%! assert (flow_rate (k, 1), 7);
%!test # is wrong on purpose
%! assert (flow_rate (k, 1), 8);

%!xtest
%! assert (flow_rate (k, 1), 9);
