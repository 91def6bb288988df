## TESTS = weft_parse_functions (ROWS, FILE): the tests of a file without "%!"
## blocks.
##
## With functions named test_* beside its main one: each of them, the main one is
## not called (in such files it only lists them).  A script is run first when it
## defines them.  Without: the file itself, when its name begins with test_; any
## other file is no test.

function tests = weft_parse_functions (rows, file)
  [~, stem] = fileparts (file);
  [names, lines] = functions_in (rows);
  [script, blank] = is_script (rows);
  cases = find (strncmp (names, "test_", 5));
  if (! script)
    cases(cases == 1) = [];
  endif

  tests = {};
  if (blank || (isempty (cases) && ! strncmp (stem, "test_", 5)))
    return;
  elseif (isempty (cases))
    test = step (ifelse (script, "script", "call"), stem, 1, "");
    tests = {test};
    return;
  endif

  ends = [lines(2:end) - 1, numel(rows)];
  if (script)
    tests{end+1} = step ("source", stem, 1, "");
  else
    ## Functions of a function file cannot be called from outside it, so each is
    ## defined anew from its text.  The blank lines keep the numbers right.
    for i = 1:numel (names)
      code = [repmat("\n", 1, lines(i) - 1), strjoin(rows(lines(i):ends(i)), "\n")];
      tests{end+1} = step ("define", names{i}, lines(i), code);
    endfor
  endif
  for i = cases
    code = strjoin (rows(lines(i):ends(i)), "\n");
    tests{end+1} = step ("call", names{i}, lines(i), code);
  endfor
endfunction

function test = step (kind, name, line, code)
  test = struct ("kind", kind, "name", name, "line", line, "lines", [], ...
                 "source", "", "code", code);
endfunction

## Names and first lines of the functions in ROWS, block comments left out.
function [names, lines] = functions_in (rows)
  names = {};
  lines = [];
  depth = 0;
  for i = 1:numel (rows)
    if (! isempty (regexp (rows{i}, '^\s*[%#]\{\s*$', "once")))
      depth++;
    elseif (depth > 0 && ! isempty (regexp (rows{i}, '^\s*[%#]\}\s*$', "once")))
      depth--;
    elseif (depth == 0)
      found = regexp (rows{i}, '^\s*function\s+(?:[^=(%#]*=\s*)?([A-Za-z]\w*)', "tokens", "once");
      if (! isempty (found))
        names{end+1} = found{1};
        lines(end+1) = i;
      endif
    endif
  endfor
endfunction

## Whether the first thing in the file is something other than a function, and
## whether there is nothing but comments.
function [script, blank] = is_script (rows)
  [script, blank] = deal (false, true);
  depth = 0;
  for i = 1:numel (rows)
    row = strtrim (rows{i});
    if (any (strcmp (row, {"%{", "#{"})))
      depth++;
    elseif (any (strcmp (row, {"%}", "#}"})))
      depth--;
    elseif (depth == 0 && ! isempty (row) && ! any (row(1) == "%#"))
      script = isempty (regexp (row, '^function\>', "once"));
      blank = false;
      return;
    endif
  endfor
endfunction
