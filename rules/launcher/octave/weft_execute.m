## [STATE, RESULT] = weft_execute (STATE, TEST): run one test.  RESULT has outcome
## (passed, failed, error, skipped, xfailed, xpassed), message and text.
##
## The meaning of each kind of block is that of Octave's own test function, with
## two outcomes made plainer: a block marked with the number of a fixed bug,
## <*123>, that fails is a failure, and a block that is known to fail but passes is "xpassed".

function [state, result] = weft_execute (state, test)
  result = struct ("outcome", "passed", "message", "", "text", "");
  bug = "";
  try
    switch (test.kind)
      case {"call", "script"}
        ## The script's variables live and die in the function that calls it.
        code = sprintf ("%s ();", test.name);
        if (strcmp (test.kind, "script"))
          code = sprintf ("source (\"%s\");", undo_string_escapes (state.file));
        endif
        weft_call (state, code, false);

      case {"error", "warning"}
        problem = weft_expect (state, test);
        if (! isempty (problem))
          result = failure (problem, weft_trace (state, struct ("message", problem, "stack", []), test));
        endif

      case {"test", "xtest", "assert", "fail", "testif"}
        code = test.code;
        if (strcmp (test.kind, "testif"))
          [code, bug, why] = weft_testif (state, code);
          if (! isempty (why))
            result = struct ("outcome", "skipped", "message", why, "text", "");
            return;
          endif
        else
          [bug, code] = bug_number (code);
        endif
        if (any (strcmp (test.kind, {"assert", "fail"})))
          code = [test.kind code];
        endif
        state = weft_call (state, code, true);
        if (known_to_fail (test, bug))
          result.outcome = "xpassed";
          result.message = "known to fail, but passes";
        endif

      otherwise
        message = sprintf ("unknown kind of test block \"%s\"", test.kind);
        result = struct ("outcome", "error", "message", message, "text", message);
    endswitch
  catch err
    result = failure (err.message, weft_trace (state, err, test));
    if (known_to_fail (test, bug))
      result.outcome = "xfailed";
    elseif (! isempty (bug))
      result.message = sprintf ("regression of bug %s: %s", bug(2:end), result.message);
    endif
  end_try_catch
endfunction

function result = failure (message, text)
  result = struct ("outcome", "failed", "message", weft_one_line (message), "text", text);
  if (isempty (result.message))
    result.message = "error without a message";
  endif
endfunction

## Whether a failure is expected: an xtest, or a bug that is not marked as fixed.
function known = known_to_fail (test, bug)
  known = ! strncmp (bug, "*", 1) && (strcmp (test.kind, "xtest") || ! isempty (bug));
endfunction

## "<123> code": the bug's number, with "*" in front when fixed, and the code.
function [bug, code] = bug_number (code)
  bug = "";
  found = regexp (code, '^\s*<([^>]*)>', "tokens", "once");
  if (! isempty (found))
    bug = found{1};
    code = code(index (code, ">")+1:end);
  endif
endfunction
