## G = cartesian (CELLS, LENGTHS): a grid of equal rectangles.
##
## CELLS is [nx, ny], LENGTHS the size of the whole in metres.  G has the fields
## cells, d (size of a cell), x and y (centres of the columns and rows).

function g = cartesian (cells, lengths)
  if (numel (cells) != 2 || any (cells < 1) || any (cells != fix (cells)))
    error ("cartesian: CELLS must be two positive whole numbers");
  endif
  if (numel (lengths) != 2 || any (lengths <= 0))
    error ("cartesian: LENGTHS must be two positive numbers");
  endif
  g.cells = cells(:)';
  g.d = lengths(:)' ./ g.cells;
  g.x = ((1:cells(1))' - 0.5) * g.d(1);
  g.y = ((1:cells(2))' - 0.5) * g.d(2);
endfunction

%!shared g
%! g = cartesian ([4, 2], [100, 10]);

%!assert (g.d, [25, 5])
%!assert (g.x, [12.5; 37.5; 62.5; 87.5])
%!assert (g.y, [2.5; 7.5])

%!test # the cells fill the area
%! assert (prod (g.cells) * prod (g.d), 1000);

%!error <whole numbers> cartesian ([1.5, 2], [1, 1])
%!error <whole numbers> cartesian (3, [1, 1])
%!error <positive numbers> cartesian ([2, 2], [1, 0])
