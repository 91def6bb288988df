function u = second()
  % One second, the SI unit of time.
  u = 1;
end
