%!test
%! assert (twice (2), 4);

%!test
%! assert (twice ([1 2]), [2 4]);
