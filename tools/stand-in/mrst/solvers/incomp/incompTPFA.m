function state = incompTPFA(state, G, T, fluid, varargin)
  % The pressure of one incompressible fluid by the two-point flux approximation, without gravity:
  % incompTPFA(state, G, T, fluid, 'bc', bc). A boundary without a condition is closed.
  opt = struct('bc', []);
  for k = 1:2:numel(varargin)
    if ~strcmp(varargin{k}, 'bc')
      error('mrstStandIn:option', 'The MRST stand-in''s incompTPFA has the option ''bc'' only, not ''%s''', varargin{k});
    end
    opt.bc = varargin{k + 1};
  end
  mobility = 1 / fluid.properties(state);
  T = mobility ./ accumarray(G.cells.faces(:, 1), 1 ./ T, [G.faces.num, 1]);

  N = G.faces.neighbors;
  inner = all(N > 0, 2);
  n = G.cells.num;
  A = sparse(n, n);
  A = A + sparse([N(inner, 1); N(inner, 2)], [N(inner, 2); N(inner, 1)], -[T(inner); T(inner)], n, n);
  A = A - spdiags(sum(A, 2), 0, n, n);
  b = zeros(n, 1);
  facePressure = nan(G.faces.num, 1);
  inflow = zeros(G.faces.num, 1);
  if ~isempty(opt.bc)
    outside = sum(N(opt.bc.face, :), 2);
    given = strcmp(opt.bc.type(:), 'pressure');
    facePressure(opt.bc.face(given)) = opt.bc.value(given);
    inflow(opt.bc.face(~given)) = opt.bc.value(~given);
    A = A + sparse(outside(given), outside(given), T(opt.bc.face(given)), n, n);
    b = accumarray(outside(given), T(opt.bc.face(given)) .* opt.bc.value(given), [n, 1]) ...
      + accumarray(outside(~given), opt.bc.value(~given), [n, 1]);
  end
  if all(isnan(facePressure))
    % Only differences of pressure are known: the first cell's is what it was.
    A(1, 1) = A(1, 1) * 2;
    b(1) = b(1) + A(1, 1) / 2 * state.pressure(1);
  end
  state.pressure = A \ b;

  p = zeros(size(N));
  p(N > 0) = state.pressure(N(N > 0));
  for side = 1:2
    given = N(:, side) == 0 & ~isnan(facePressure);
    p(given, side) = facePressure(given);
  end
  state.flux = T .* (p(:, 1) - p(:, 2));
  closed = any(N == 0, 2) & isnan(facePressure);
  state.flux(closed) = inflow(closed) .* (1 - 2 * (N(closed, 2) == 0));
end
