%!test
%! assert (1 + 1, 2);

%!test <*123>
%! assert (2 * 2, 5);

%!test
%! cartGrid ([2, 2]);
