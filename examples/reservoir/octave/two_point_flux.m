## [P, FLUX] = two_point_flux (G, PERM, MU, WEST, EAST, SOURCE): pressure of a fluid
## in a porous rock, by the two-point flux approximation.
##
## Solves  -div (PERM / MU * grad p) = SOURCE  on a grid of cartesian().  The
## pressure is WEST and EAST (Pa) on these sides; nothing flows through the others.
## PERM (m^2) is a number or one per cell (nx x ny), MU the viscosity (Pa s), SOURCE
## (m^2/s per cell, default 0) what is injected.
##
## P has one pressure per cell, FLUX (nx+1 x ny) what flows east through each
## face.  Between cells stands the harmonic mean of their permeabilities, which is
## exact for layers across the flow.

function [p, flux] = two_point_flux (g, perm, mu, west, east, source = 0)
  nx = g.cells(1);
  ny = g.cells(2);
  perm = spread (perm, nx, ny, "PERM");
  source = spread (source, nx, ny, "SOURCE");
  if (any (perm(:) <= 0))
    error ("two_point_flux: PERM must be positive");
  endif

  ## Half transmissibilities: from a cell's centre to its face.
  tx = 2 * g.d(2) / g.d(1) * perm / mu;
  ty = 2 * g.d(1) / g.d(2) * perm / mu;
  between_x = 1 ./ (1 ./ tx(1:end-1,:) + 1 ./ tx(2:end,:));
  between_y = 1 ./ (1 ./ ty(:,1:end-1) + 1 ./ ty(:,2:end));

  cell = reshape (1:nx*ny, nx, ny);
  A = couple (cell(1:end-1,:), cell(2:end,:), between_x, nx*ny) ...
      + couple (cell(:,1:end-1), cell(:,2:end), between_y, nx*ny);
  boundary = zeros (nx, ny);
  boundary(1,:) += tx(1,:);
  boundary(end,:) += tx(end,:);
  A += spdiags (boundary(:), 0, nx*ny, nx*ny);

  right = source;
  right(1,:) += tx(1,:) * west;
  right(end,:) += tx(end,:) * east;
  p = reshape (A \ right(:), nx, ny);

  flux = [tx(1,:) .* (west - p(1,:)); ...
          between_x .* (p(1:end-1,:) - p(2:end,:)); ...
          tx(end,:) .* (p(end,:) - east)];
endfunction

## A number for every cell, or the field itself when it has the right size.
function field = spread (value, nx, ny, name)
  if (isscalar (value))
    field = repmat (value, nx, ny);
  elseif (isequal (size (value), [nx, ny]))
    field = value;
  else
    error ("two_point_flux: %s must be a number or %d x %d", name, nx, ny);
  endif
endfunction

## The matrix of flows between cells A and B with transmissibilities T.
function A = couple (a, b, t, n)
  a = a(:);
  b = b(:);
  t = t(:);
  A = sparse ([a; b; a; b], [a; b; b; a], [t; t; -t; -t], n, n);
endfunction

%!shared bar, mu, darcy
%! bar = 1e5; mu = 1e-3; darcy = 9.869233e-13;

%!test # linear pressure is exact, whatever the grid
%! for n = [1, 2, 7, 40]
%!   g = cartesian ([n, 3], [100, 10]);
%!   p = two_point_flux (g, 0.1 * darcy, mu, 2*bar, 1*bar);
%!   assert (p, repmat ((2 - g.x / 100) * bar, 1, 3), 1e-12 * bar);
%! endfor

%!test # Darcy's law for the flow through the whole
%! g = cartesian ([20, 4], [100, 8]);
%! [~, flux] = two_point_flux (g, 0.1 * darcy, mu, 2*bar, 1*bar);
%! assert (sum (flux, 2), repmat (8 * 0.1 * darcy / mu * bar / 100, 21, 1), -1e-10);

%!test # layers across the flow: the harmonic mean, exactly
%! g = cartesian ([4, 1], [4, 1]);
%! k = [1; 2; 4; 8] * darcy;
%! [~, flux] = two_point_flux (g, k, mu, 1, 0);
%! assert (flux, repmat (1 / (mean (1 ./ k) * 4) / mu, 5, 1), -1e-10);

%!test # layers along the flow: the arithmetic mean, exactly
%! g = cartesian ([5, 3], [1, 3]);
%! k = repmat ([1, 5, 9] * darcy, 5, 1);
%! [p, flux] = two_point_flux (g, k, mu, 1, 0);
%! assert (sum (flux(1,:)), 3 * 5 * darcy / mu, -1e-10);
%! assert (p, repmat (1 - g.x, 1, 3), 1e-12);

%!test # what is injected flows out
%! g = cartesian ([9, 9], [90, 90]);
%! rand ("seed", 7);
%! q = zeros (9, 9);
%! q(3,4) = 2e-6;
%! q(7,7) = -0.5e-6;
%! [~, flux] = two_point_flux (g, darcy * (0.01 + rand (9, 9)), mu, bar, bar, q);
%! assert (sum (flux(end,:)) - sum (flux(1,:)), sum (q(:)), 1e-15);

%!test # a well in the middle of a symmetric field gives a symmetric pressure
%! g = cartesian ([11, 11], [110, 110]);
%! q = zeros (11, 11);
%! q(6,6) = 1e-6;
%! p = two_point_flux (g, darcy, mu, bar, bar, q);
%! assert (p, flipud (p), 1e-9 * bar);
%! assert (p, fliplr (p), 1e-9 * bar);
%! assert (max (p(:)), p(6,6));

%!error <PERM must be positive> two_point_flux (cartesian ([2, 2], [1, 1]), 0, 1, 1, 0)
%!error <PERM must be a number or 2 x 2> two_point_flux (cartesian ([2, 2], [1, 1]), ones (3), 1, 1, 0)
%!error <SOURCE must be> two_point_flux (cartesian ([2, 2], [1, 1]), 1, 1, 1, 0, ones (1, 3))

%!demo
%! g = cartesian ([30, 30], [300, 300]);
%! contour (g.x, g.y, two_point_flux (g, 1e-13, 1e-3, 2e5, 1e5)');
