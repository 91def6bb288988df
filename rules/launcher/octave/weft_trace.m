## TEXT = weft_trace (STATE, ERR, TEST): the message of an error, the lines that it
## passed through, innermost first and the runner's own left out, and the code of
## the block with its line marked.

function text = weft_trace (state, err, test = [])
  text = strtrim (weft_utf8 (err.message));
  if (strcmp (state.mrst, "offered") && ! isempty (strfind (text, "undefined")))
    text = sprintf (["%s\n(MRST is in this environment but was not started, since the test file " ...
                     "does not ask for it; a comment \"needs MRST\" in it does.)"], text);
  endif
  places = {};
  marked = 0;
  for i = 1:numel (err.stack)
    frame = err.stack(i);
    if (strncmp (frame.name, "weft_", 5))
      break;
    elseif (strcmp (frame.name, "__test__") && isempty (frame.file)
            && ! (isfield (test, "lines") && numel (test.lines)))
      continue;   # only calls the file's own function
    endif
    [places{end+1}, line] = place (state, frame, test);
    if (line > 0)
      marked = line;
    endif
  endfor
  if (! isempty (places))
    text = sprintf ("%s\n%s", text, sprintf ("\n  at %s", places{:}));
  endif
  if (isfield (test, "source") && ! isempty (test.source))
    text = sprintf ("%s\n\n%s", text, listing (test, marked));
  endif
endfunction

## Where a frame is; LINE when that is in the test's own block.
function [name, line] = place (state, frame, test)
  line = 0;
  defined = find (strcmp (state.lines(:,1), frame.name), 1, "last");
  if (! isempty (frame.file))
    file = frame.file;
    if (strncmp (file, [state.root "/"], numel (state.root) + 1))
      file = file(numel (state.root)+2:end);
    endif
    name = sprintf ("%s:%d in %s", file, frame.line, frame.name);
  elseif (strcmp (frame.name, "__test__"))
    ## The line of the function's header is one that the block does not have.
    line = map_line (test.lines, frame.line - 1);
    name = sprintf ("%s:%d", state.file, line);
  elseif (! isempty (defined))
    name = sprintf ("%s:%d in %s", state.file, map_line (state.lines{defined,2}, frame.line), frame.name);
  else
    name = sprintf ("%s:%d in %s", state.file, frame.line, frame.name);
  endif
endfunction

function line = map_line (lines, n)
  line = lines(max (1, min (n, numel (lines))));
endfunction

## The code of a block, cut to 60 lines.
function text = listing (test, marked)
  rows = ostrsplit (test.source, "\n");
  text = "";
  for i = 1:min (60, numel (rows))
    mark = " >"(1 + (test.lines(i) == marked));
    text = sprintf ("%s%s%5d | %%!%s\n", text, mark, test.lines(i), rows{i});
  endfor
  text(end) = [];
  if (numel (rows) > 60)
    text = sprintf ("%s\n... %d more lines", text, numel (rows) - 60);
  endif
endfunction
