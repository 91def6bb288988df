## STATE = weft_call (STATE, CODE, KEEP): run CODE as the body of a function
## __test__ whose arguments are the shared variables; with KEEP their new values
## are kept.  Errors are the caller's.
##
## VALUE = weft_call (STATE, EXPRESSION, "value"): the value of an expression.

function out = weft_call (state, code, keep)
  names = strjoin (state.shared, ", ");
  unwind_protect
    if (ischar (keep))
      define (sprintf ("function __value__ = __test__ (%s)\n__value__ = (%s);\nendfunction", names, code));
      out = __test__ (state.values{:});
      return;
    endif
    out = state;
    if (keep && ! isempty (state.shared))
      define (sprintf ("function [%s] = __test__ (%s)\n%s\nendfunction", names, names, code));
      [out.values{:}] = __test__ (state.values{:});
    else
      define (sprintf ("function __test__ (%s)\n%s\nendfunction", names, code));
      __test__ (state.values{:});
    endif
  unwind_protect_cleanup
    clear -f __test__
    return_from_nowhere (state.root);
    restore_path (state.path);
  end_unwind_protect
endfunction

## A syntax error in the code gets an identifier of its own: a block that expects
## an error does not expect this one.
function define (code)
  try
    eval (code);
  catch err
    error ("weft:syntax", "%s", err.message);
  end_try_catch
endfunction

## A test may have removed its current folder.
function return_from_nowhere (root)
  try
    pwd ();
  catch
    cd (root);
  end_try_catch
endfunction

## A test may empty the load path; put back what it had before the tests, at the
## end, and keep what was added.  Builtin functions only: there may be no others.
function restore_path (kept)
  now = path ();
  folders = regexp (kept, pathsep (), "split");
  present = regexp (now, pathsep (), "split");
  lost = cellfun (@(folder) ! any (strcmp (folder, present)), folders);
  if (any (lost))
    ## All at once: addpath would run each folder's PKG_ADD before the others are back.
    path ([now sprintf([pathsep() "%s"], folders{lost})]);
  endif
endfunction

%!shared state
%! state = struct ("shared", {{"a", "b"}}, "values", {{1, 2}}, "path", path (), "root", pwd ());

%!test
%! after = weft_call (state, "a = a + b;", true);
%! assert (after.values, {3, 2});
%!test
%! after = weft_call (state, "a = 10;", false);
%! assert (after.values, {1, 2});
%!assert (weft_call (state, "a + b", "value"), 3)
%!test # what a test does to its surroundings is made good
%! folder = tempname ();
%! mkdir (folder);
%! weft_call (state, sprintf ("warning (\"off\", \"all\"); path (\"\"); cd (\"%s\"); rmdir (\"%s\");", folder, folder), false);
%! assert (pwd (), state.root);
%! assert (strtrim (" x "), "x");
