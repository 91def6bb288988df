## TEXT = weft_read (FILE): the text of a source file, lines ended by "\n".  A file
## that is not UTF-8 is taken for ISO 8859-1, which old MATLAB code often is.

function text = weft_read (file)
  [fid, problem] = fopen (file, "r");
  if (fid < 0)
    error ("cannot read %s: %s", file, problem);
  endif
  text = fread (fid, Inf, "uint8=>char")';
  fclose (fid);
  text = strrep (text, "\r\n", "\n");
  if (! isempty (text) && ! strcmp (text, weft_utf8 (text)))
    text = native2unicode (uint8 (text), "ISO-8859-1");
  endif
endfunction
