## TEXT = weft_log_part (STATE, FROM): what was printed since the log had FROM
## bytes, of more than 64 KiB the first and the last 32 KiB.
##
## Read from the log rather than caught with evalc: that holds all of it in memory
## and does not see what programs started with system () print.

function text = weft_log_part (state, from)
  text = "";
  to = weft_log_size (state);
  if (to <= from)
    return;
  endif
  half = 32768;
  fid = fopen (state.log, "r");
  if (fid < 0)
    return;
  endif
  fseek (fid, from, SEEK_SET);
  if (to - from <= 2 * half)
    text = fread (fid, to - from, "uint8=>char")';
  else
    head = fread (fid, half, "uint8=>char")';
    fseek (fid, to - half, SEEK_SET);
    tail = fread (fid, half, "uint8=>char")';
    text = sprintf ("%s\n... %d bytes left out ...\n%s", head, to - from - 2 * half, tail);
  endif
  fclose (fid);
endfunction
