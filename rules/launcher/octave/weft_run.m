## STATUS = weft_run (): run the tests of the file that the environment names, one
## journal record each (../JOURNAL.md).  STATUS is 0 when all passed, 1 when some
## did not, 2 when the file cannot be read as tests, 5 when it has none of the type.
##
## What is run:
##   - a file with "%!" blocks: each of its test blocks (weft_parse_blocks),
##   - else a file with functions named test_*: each of these (weft_parse_functions),
##   - else the file itself, script or function: it passes when it returns.
##
## The log gets a line with each test's id before what the test prints.

function status = weft_run ()

  page_screen_output (false);
  crash_dumps_octave_core (false);
  beep_on_error (false);

  state = first_state ();
  weft_journal (state, struct ("event", "session", "version", version ()));
  try
    weft_add_paths (state.file);
    state = weft_mrst (state);
    tests = weft_collect (state);
    status = 0;
  catch err
    weft_journal (state, struct ("event", "error", "id", state.file, ...
                                 "message", weft_one_line (err.message), ...
                                 "text", weft_trace (state, err)));
    tests = {};
    status = 2;
  end_try_catch

  count = sum (! cellfun (@(test) test.step, tests));
  weft_journal (state, struct ("event", "collected", "tests", count));
  ## From here on, MRST included: what a test changes is measured against it.
  state.path = path ();
  state.globals = who ("global");
  for i = 1:numel (tests)
    warnings = warning ();
    [state, good] = weft_run_one (state, tests{i});
    status = max (status, ! good);
    ## As in Octave's own test function, warnings are as before for each test.
    warning ("off", "all");
    warning (warnings);
  endfor
  if (count == 0 && status == 0)
    status = 5;
  endif

  state.values = {};   # their onCleanup actions run now, before the end is announced
  note_globals (state);
  weft_journal (state, struct ("event", "end", "exit", status));

endfunction

function state = first_state ()
  state.root = pwd ();
  state.file = getenv ("WEFT_FILE_REL");
  state.journal = getenv ("WEFT_JOURNAL");
  state.type = getenv ("WEFT_TYPE");
  state.filter = getenv ("WEFT_FILTER");
  state.mrst = "";            # "", "offered" (there, but not asked for) or "started"
  state.shared = {};          # names of the shared variables …
  state.values = {};          # … and their values
  state.lines = cell (0, 2);  # functions of "%!function" blocks: name, line of each line
  state.path = path ();
  state.globals = {};
endfunction

function note_globals (state)
  now = who ("global");
  for i = 1:numel (now)
    if (! any (strcmp (now{i}, state.globals)))
      text = sprintf ("%s left the global variable %s behind", state.file, now{i});
      weft_journal (state, struct ("event", "note", "text", text));
    endif
  endfor
endfunction

%!function counts = run_here (file)
%!  ## Counts of the outcomes: passed or xpassed, failed or error, xfailed, skipped.
%!  journal = tempname ();
%!  names = {"WEFT_FILE_REL", "WEFT_JOURNAL", "WEFT_TYPE", "WEFT_FILTER", "WEFT_PATHS", "WEFT_MRST"};
%!  kept = cellfun (@getenv, names, "UniformOutput", false);
%!  unwind_protect
%!    cellfun (@setenv, names, {file, journal, "", "", "", ""});
%!    weft_run ();
%!  unwind_protect_cleanup
%!    cellfun (@setenv, names, kept);
%!  end_unwind_protect
%!  lines = ostrsplit (strtrim (fileread (journal)), "\n");
%!  delete (journal);
%!  records = cellfun (@jsondecode, lines, "UniformOutput", false);
%!  assert (records{end}.event, "end");
%!  records = records(cellfun (@(r) strcmp (r.event, "finish"), records));
%!  outcomes = cellfun (@(r) r.outcome, records, "UniformOutput", false);
%!  is = @(varargin) sum (ismember (outcomes, varargin));
%!  counts = [is("passed", "xpassed"), is("failed", "error"), is("xfailed"), is("skipped")];
%!endfunction

%!test # agrees with Octave's own test function on Octave's own files
%! for name = {"strtrim", "strsplit", "unique", "assert", "validatestring", "inputname", "datestr"}
%!   file = file_in_loadpath ([name{1} ".m"]);
%!   [n, total, failing, bug, skipped, skipped_now] = test (file, "quiet", "/dev/null");
%!   assert (run_here (file), [n, total - n - failing - bug, failing + bug, skipped + skipped_now]);
%! endfor
