function G = computeGeometry(G)
  % Add the areas, normals and centroids of the faces (a normal's length is its face's area) and the volumes and
  % centroids of the cells, for grids of edges (two dimensions) or plane quadrilaterals (three).
  d = G.griddim;
  perFace = 2 ^ (d - 1);
  corner = @(m) G.nodes.coords(G.faces.nodes(m:perFace:end), :);
  if d == 2
    edge = corner(2) - corner(1);
    G.faces.normals = [edge(:, 2), -edge(:, 1)];
    G.faces.centroids = (corner(1) + corner(2)) / 2;
  else
    G.faces.normals = cross(corner(3) - corner(1), corner(4) - corner(2), 2) / 2;
    G.faces.centroids = (corner(1) + corner(2) + corner(3) + corner(4)) / 4;
  end
  G.faces.areas = sqrt(sum(G.faces.normals .^ 2, 2));

  % A cell is the sum of the pyramids from a point inside to its faces.
  cellOf = rldecode((1:G.cells.num)', diff(G.cells.facePos));
  face = G.cells.faces(:, 1);
  mean = average(cellOf, G.faces.centroids(face, :), ones(size(face)));
  outward = G.faces.normals(face, :) .* (2 * (G.faces.neighbors(face, 1) == cellOf) - 1);
  pyramid = sum(outward .* (G.faces.centroids(face, :) - mean(cellOf, :)), 2) / d;
  middle = (d * G.faces.centroids(face, :) + mean(cellOf, :)) / (d + 1);
  G.cells.volumes = accumarray(cellOf, pyramid);
  G.cells.centroids = average(cellOf, middle, pyramid);
  G.type = [G.type, {'computeGeometry'}];
end

function m = average(cellOf, values, weights)
  m = zeros(max(cellOf), size(values, 2));
  for k = 1:size(values, 2)
    m(:, k) = accumarray(cellOf, values(:, k) .* weights) ./ accumarray(cellOf, weights);
  end
end
