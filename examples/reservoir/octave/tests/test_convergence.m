function test_convergence ()
  %TEST_CONVERGENCE  How the flow solver's error falls with the size of the cells.
  %
  % Each function below is a test.
end

function test_linear_pressure ()
  % Ten cells, 2 bar in the west, 1 bar in the east: p = (2 - x/100) bar.
  g = cartesian ([10, 1], [100, 10]);
  p = two_point_flux (g, 1e-13, 1e-3, 2e5, 1e5);
  assert (p / 1e5, 2 - g.x / 100, 1e-12);
end

function test_second_order_with_a_source ()
  % A uniform source makes p a parabola, p = x (1 - x) / 2.  Half the cells' size
  % gives a quarter of the error.
  errors = arrayfun (@parabola_error, [8, 16, 32]);
  rates = log2 (errors(1:end-1) ./ errors(2:end));
  assert (rates, [2, 2], 0.05);
end

function test_thin_barrier ()
  % A barrier ten thousand times tighter than the rock takes the whole drop.
  g = cartesian ([21, 1], [21, 1]);
  k = ones (21, 1);
  k(11) = 1e-4;
  p = two_point_flux (g, k, 1, 1, 0);
  assert (p(10) > 0.99 && p(12) < 0.01);
  assert (issorted (flipud (p)));
end

function err = parabola_error (n)
  g = cartesian ([n, 1], [1, 1]);
  p = two_point_flux (g, 1, 1, 0, 0, repmat (g.d(1), n, 1));
  err = max (abs (p - g.x .* (1 - g.x) / 2));
end
