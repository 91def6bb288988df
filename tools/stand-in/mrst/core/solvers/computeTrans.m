function T = computeTrans(G, rock)
  % One-sided transmissibilities, one for each of G.cells.faces, from an isotropic or a diagonal permeability.
  cellOf = rldecode((1:G.cells.num)', diff(G.cells.facePos));
  face = G.cells.faces(:, 1);
  c = G.faces.centroids(face, :) - G.cells.centroids(cellOf, :);
  outward = G.faces.normals(face, :) .* (2 * (G.faces.neighbors(face, 1) == cellOf) - 1);
  T = sum(c .* outward .* rock.perm(cellOf, :), 2) ./ sum(c .* c, 2);
end
