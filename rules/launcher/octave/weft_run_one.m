## [STATE, GOOD] = weft_run_one (STATE, TEST): do one step or test of a file and
## journal what came of it.  Steps (shared variables, functions) are journalled
## only when they fail, since the tests after them stand on them.

function [state, good] = weft_run_one (state, test)
  id = sprintf ("%s::%s", state.file, test.name);
  if (test.step)
    good = true;
    try
      state = weft_step (state, test);
    catch err
      good = false;
      weft_journal (state, struct ("event", "error", "id", id, "line", test.line, ...
                                   "message", weft_one_line (err.message), ...
                                   "text", weft_trace (state, err, test)));
    end_try_catch
    return;
  endif

  weft_journal (state, struct ("event", "start", "id", id));
  printf ("--- %s\n", id);
  fflush (stdout);
  clock = tic ();
  [state, result] = weft_execute (state, test);
  record = struct ("event", "finish", "id", id, "outcome", result.outcome, ...
                   "duration", toc (clock), "line", test.line);
  if (! strcmp (result.outcome, "passed"))
    record.message = result.message;
    record.text = result.text;
  endif
  fflush (stdout);
  weft_journal (state, record);
  good = ! any (strcmp (result.outcome, {"failed", "error"}));
endfunction
