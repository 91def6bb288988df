function mu = viscosity (mu)
  mu = max (mu, 0.1);
end

%!assert (viscosity (0), 0.1)
%!function y = twice (x)
%!  y = 2 * x;
%!endfunction
%!test
%! assert (viscosity (twice (2)), 4);
%!testif ; false
%! error ("never");
