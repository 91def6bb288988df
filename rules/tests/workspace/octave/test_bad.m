%!test
%! assert (1, 2);

%!test
%! disp ("fine");
