## TESTS = weft_collect (STATE): the tests of STATE.file that are of the wanted
## type and match the filter, in order, with the steps that they need between them
## (shared variables, functions).
##
## Each is a struct: kind ("test", "xtest", "error", …: see weft_run_one), name,
## line, code, source (code as it stands in the block), lines (line in the file of
## each line of code), type, step (true for what is no test itself).

function tests = weft_collect (state)
  rows = ostrsplit (weft_read (state.file), "\n");
  [default, marked] = file_type (rows, state.file);

  if (any (strncmp (rows, "%!", 2)))
    tests = weft_parse_blocks (rows);
  else
    tests = weft_parse_functions (rows, state.file);
  endif

  wanted = true (size (tests));
  for i = 1:numel (tests)
    id = sprintf ("%s::%s", state.file, tests{i}.name);
    tests{i}.type = block_type (tests{i}, default, state.file);
    tests{i}.step = any (strcmp (tests{i}.kind, {"shared", "function", "define", "source"}));
    wanted(i) = tests{i}.step ...
                || ((! marked || isempty (state.type) || strcmp (tests{i}.type, state.type))
                    && matches (id, state.filter));
  endfor
  tests = tests(wanted);
  if (all (cellfun (@(test) test.step, tests)))
    tests = {};
  endif
endfunction

## Whether the filter, each line of which is a text, leaves a test.
function yes = matches (id, filter)
  yes = isempty (filter) || any (cellfun (@(text) ! isempty (strfind (id, text)), strsplit (filter, "\n")));
endfunction

## The type in a header line of the file, "% weft-type: integration".  Without it
## the type of a test that does not name its own is unit, but in a file where no
## test names one (MARKED is false) each is of every type that the file is run for.
function [type, marked] = file_type (rows, file)
  type = "unit";
  marked = any (! cellfun (@isempty, regexp (rows, '^(%!)?\s*[%#]+\s*weft(-type)?:\s*\S+\s*$', "once")));
  found = regexp (rows, '^\s*[%#]+\s*weft-type:\s*(\S+)\s*$', "tokens", "once");
  line = find (! cellfun (@isempty, found), 1);
  if (! isempty (line))
    type = check_type (found{line}{1}, file, line);
  endif
endfunction

## The type in a comment of one test, "% weft: performance".
function type = block_type (test, default, file)
  type = default;
  found = regexp (test.code, '^\s*[%#]+\s*weft:\s*(\S+)\s*$', "tokens", "once", "lineanchors");
  if (! isempty (found))
    type = check_type (found{1}, file, test.line);
  endif
endfunction

function type = check_type (type, file, line)
  types = {"unit", "integration", "performance", "security", "compatibility"};
  if (! any (strcmp (type, types)))
    error ("%s:%d: there is no test type \"%s\"; the types are %s", ...
           file, line, type, strjoin (types, ", "));
  endif
endfunction
