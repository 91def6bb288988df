function bc = pside(bc, G, side, pressure)
  % A pressure on one side of a Cartesian grid: West, East, South, North, Top or Bottom, or XMin, XMax and so on.
  names = {{'west', 'xmin', 'left'}, {'east', 'xmax', 'right'}, {'south', 'ymin', 'back'}, ...
           {'north', 'ymax', 'front'}, {'top', 'zmin', 'upper'}, {'bottom', 'zmax', 'lower'}};
  tag = find(cellfun(@(n) any(strcmpi(side, n)), names));
  if isempty(tag) || tag > 2 * G.griddim
    error('mrstStandIn:side', 'Unknown side ''%s'' of a grid in %d dimensions', side, G.griddim);
  end
  faces = G.cells.faces(G.cells.faces(:, 2) == tag, 1);
  outer = any(G.faces.neighbors(faces, :) == 0, 2);
  bc = addBC(bc, faces(outer), 'pressure', pressure);
end
