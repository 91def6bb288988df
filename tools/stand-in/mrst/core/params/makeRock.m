function rock = makeRock(G, perm, poro)
  % Permeability and porosity for every cell, from one row for all or one per cell.
  rock = struct('perm', expand(G, perm), 'poro', expand(G, poro));
end

function v = expand(G, v)
  if size(v, 1) == 1
    v = repmat(v, G.cells.num, 1);
  elseif size(v, 1) ~= G.cells.num
    error('mrstStandIn:rock', 'Rock properties need one row, or one per cell');
  end
end
