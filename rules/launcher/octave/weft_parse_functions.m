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

%!function names = names_of (rows, file)
%!  names = cellfun (@(t) [t.kind " " t.name], weft_parse_functions (rows, file), "UniformOutput", false);
%!endfunction

%!assert (names_of ({"function test_a ()", "end"}, "t/test_a.m"), {"call test_a"})
%!assert (names_of ({"x = 1;"}, "t/test_a.m"), {"script test_a"})
%!assert (names_of ({"function f ()", "end"}, "t/f.m"), {})
%!assert (names_of ({"% nothing", "%{", "x = 1", "%}"}, "t/test_a.m"), {})
%!assert (names_of ({"function t = test_a ()", "function test_b", "function y = helper (x)"}, "test_a.m"), ...
%!        {"define test_a", "define test_b", "define helper", "call test_b"})
%!assert (names_of ({"1;", "function test_b", "end"}, "test_a.m"), {"source test_a", "call test_b"})
%!test # line numbers of a function that is defined again stay those of the file
%! tests = weft_parse_functions ({"function test_a", "end", "function test_b", "end"}, "test_a.m");
%! assert (tests{2}.code, "\n\nfunction test_b\nend");
