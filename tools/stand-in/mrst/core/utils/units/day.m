function u = day()
  % One day in seconds.
  u = 86400;
end
