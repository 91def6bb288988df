## PROBLEM = weft_expect (STATE, TEST): run an "error" or "warning" block; "" when
## what it expects has happened, else what happened instead.
##
##   %!error <pattern> code      %!error id=Octave:some-id code      %!error code

function problem = weft_expect (state, test)
  [pattern, id, code] = expectation (test.code);
  warns = strcmp (test.kind, "warning");
  article = {"an error", "a warning"}{1 + warns};
  wanted = article;
  if (! isempty (id))
    wanted = sprintf ("%s id=%s", article, id);
  elseif (! strcmp (pattern, "."))
    wanted = sprintf ("%s <%s>", article, pattern);
  endif

  quiet = warning ("query", "quiet");
  warning ("on", "quiet");
  lasterr ("");
  lastwarn ("");
  [raised, message, was] = deal (false, "", "");
  try
    weft_call (state, code, false);
    if (warns)
      [message, was] = lastwarn ();
      message = regexprep (message, '^.*?warning:', "", "once");
    endif
  catch err
    ## Code that does not parse is a fault of the block, not the error it expects.
    if (strcmp (err.identifier, "weft:syntax"))
      warning (quiet.state, "quiet");
      rethrow (err);
    endif
    raised = true;
    [message, was] = deal (err.message, err.identifier);
  end_try_catch
  warning (quiet.state, "quiet");

  message = strtrim (weft_utf8 (message));
  problem = "";
  if (warns && raised)
    problem = sprintf ("expected %s, but got the error <%s>", wanted, message);
  elseif (! raised && isempty (message))
    problem = sprintf ("expected %s, but got none", wanted);
  elseif (! isempty (id) && ! strcmp (id, was))
    problem = sprintf ("expected %s, but got id=%s <%s>", wanted, was, message);
  elseif (isempty (id) && isempty (regexp (message, pattern, "once")))
    problem = sprintf ("expected %s, but got <%s>", wanted, message);
  endif
endfunction

function [pattern, id, code] = expectation (code)
  pattern = ".";
  id = "";
  found = regexp (code, '^\s*<([^>]*)>', "tokens", "once");
  if (! isempty (found))
    pattern = found{1};
    code = code(index (code, ">")+1:end);
    return;
  endif
  found = regexp (code, '^\s*id=(\S+)', "tokens", "once");
  if (! isempty (found))
    id = found{1};
    code = regexprep (code, '^\s*id=\S+', "", "once");
  endif
endfunction

%!function problem = expect (kind, code)
%!  state = struct ("shared", {{}}, "values", {{}}, "path", path (), "root", pwd ());
%!  problem = weft_expect (state, struct ("kind", kind, "code", code));
%!endfunction

%!assert (expect ("error", " error (\"abc\")"), "")
%!assert (expect ("error", " <b> error (\"abc\")"), "")
%!assert (expect ("error", " <x> error (\"abc\")"), "expected an error <x>, but got <abc>")
%!assert (expect ("error", " id=a:b error (\"a:b\", \"abc\")"), "")
%!assert (expect ("error", " id=a:c error (\"a:b\", \"abc\")"), "expected an error id=a:c, but got id=a:b <abc>")
%!assert (expect ("error", " x = 1;"), "expected an error, but got none")
%!assert (expect ("warning", " <careful> warning (\"be careful\")"), "")
%!assert (expect ("warning", " x = 1;"), "expected a warning, but got none")
%!assert (expect ("warning", " error (\"abc\")"), "expected a warning, but got the error <abc>")
%!test
%! try
%!   expect ("error", " x = (1");
%!   id = "";
%! catch err
%!   id = err.identifier;
%! end_try_catch
%! assert (id, "weft:syntax");
