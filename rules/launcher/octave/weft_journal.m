## weft_journal (STATE, RECORD): append RECORD to the journal as one JSON line.
##
## The file is opened for each record: a test that closes every file (fclose
## ("all")) must not silence the tests after it, and what is written is there
## when the next test crashes.

function weft_journal (state, record)
  names = fieldnames (record);
  for i = 1:numel (names)
    if (ischar (record.(names{i})))
      record.(names{i}) = weft_utf8 (record.(names{i}));
    endif
  endfor
  line = jsonencode (record);
  if (isempty (state.journal))
    puts ([line "\n"]);
    return;
  endif
  [fid, problem] = fopen (state.journal, "a");
  if (fid < 0)
    error ("weft: cannot append to the journal %s: %s", state.journal, problem);
  endif
  fputs (fid, [line "\n"]);
  fclose (fid);
endfunction
