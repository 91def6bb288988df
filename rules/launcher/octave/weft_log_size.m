## SIZE = weft_log_size (STATE): bytes that this process has printed so far; 0 when
## they do not go to a file.

function size = weft_log_size (state)
  size = 0;
  if (! isempty (state.log))
    fflush (stdout);
    fflush (stderr);
    [info, err] = stat (state.log);
    if (err == 0)
      size = info.size;
    endif
  endif
endfunction
