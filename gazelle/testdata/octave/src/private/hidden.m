function h = hidden ()
  h = 42;
end
