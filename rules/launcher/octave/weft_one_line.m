## LINE = weft_one_line (TEXT): TEXT with every run of white space as one space,
## cut to 300 characters: an error's message for a table.

function line = weft_one_line (text)
  line = strtrim (regexprep (weft_utf8 (text), '\s+', " "));
  if (numel (line) > 300)
    line = [line(1:300) "..."];
  endif
endfunction

%!assert (weft_one_line (""), "")
%!assert (weft_one_line ("\n one\n  two"), "one two")
%!assert (numel (weft_one_line (repmat ("x", 1, 1000))), 303)
