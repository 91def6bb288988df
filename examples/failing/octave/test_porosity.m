% To show: a failing Octave test, with its line, between two that pass.

%!function phi = density_porosity (bulk)
%!  phi = (2.65 - bulk) / (2.65 + 1.0);  # the mistake: + instead of -
%!endfunction

%!assert (density_porosity (2.65), 0)

%!test # sandstone filled with water
%! phi = density_porosity (2.32);
%! assert (phi, 0.20, 0.001);

%!error <undefined> density_porosity ()
