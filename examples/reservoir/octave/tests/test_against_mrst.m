% weft-type: integration
%
% Our grid and solver against those of MRST, the MATLAB Reservoir Simulation
% Toolbox.  In an environment without MRST these tests are skipped.

%!function has = has_mrst ()
%!  has = exist ("cartGrid", "file") == 2 && exist ("computeGeometry", "file") == 2;
%!endfunction

%!testif ; has_mrst () # volumes and centres of the cells
%! g = cartesian ([4, 3], [100, 30]);
%! G = computeGeometry (cartGrid ([4, 3, 1], [100, 30, 5]));
%! assert (G.cells.num, 12);
%! assert (G.cells.volumes, repmat (prod (g.d) * 5, 12, 1), 1e-9);
%! [x, y] = ndgrid (g.x, g.y);
%! assert (G.cells.centroids(:,1:2), [x(:), y(:)], 1e-9);

%!testif ; has_mrst () # faces of a cell close it
%! G = computeGeometry (cartGrid ([3, 2, 2], [3, 4, 5]));
%! volume = zeros (G.cells.num, 1);
%! for face = 1:G.faces.num
%!   for side = 1:2
%!     c = G.faces.neighbors(face,side);
%!     if (c > 0)
%!       outward = (3 - 2*side) * G.faces.normals(face,:);
%!       volume(c) += dot (G.faces.centroids(face,:), outward) / 3;
%!     endif
%!   endfor
%! endfor
%! assert (volume, G.cells.volumes, 1e-12);  # the divergence theorem

%!testif ; has_mrst () # pressure of incompTPFA is ours, and linear
%! mrstModule add incomp
%! G = computeGeometry (cartGrid ([10, 1, 1], [100, 10, 10] * meter));
%! rock = makeRock (G, 100 * milli * darcy, 0.2);
%! fluid = initSingleFluid ("mu", 1 * centi * poise, "rho", 1000 * kilogram / meter ^ 3);
%! bc = pside (pside ([], G, "West", 2 * barsa), G, "East", 1 * barsa);
%! state = incompTPFA (initResSol (G, 0), G, computeTrans (G, rock), fluid, "bc", bc);
%! p = convertTo (state.pressure, barsa);
%! assert (p, 2 - G.cells.centroids(:,1) / 100, 1e-10);
%! ours = two_point_flux (cartesian ([10, 1], [100, 10]), 100e-3 * 9.869233e-13, 1e-3, 2e5, 1e5);
%! assert (p, ours / 1e5, 1e-10);
