function h = open_hidden ()
  h = hidden ();
end

%!assert (open_hidden (), 42)
