function mu = viscosity ()
  mu = 1;
end
