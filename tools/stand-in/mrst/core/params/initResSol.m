function state = initResSol(G, p0, s0)
  % A reservoir state: pressure p0 (one number, or one per cell), no flux, saturation s0 (default 1).
  if nargin < 3
    s0 = 1;
  end
  state = struct('pressure', repmat(p0, G.cells.num / numel(p0), 1), ...
                 'flux', zeros(G.faces.num, 1), ...
                 's', repmat(s0, G.cells.num / size(s0, 1), 1));
end
