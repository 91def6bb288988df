## STATE = weft_mrst (STATE): start MRST when the environment has it and the test
## file asks for it, which is: it has a word that begins with "mrst" (mrstModule,
## or a comment "needs MRST").
##
## Not in every cell, for two reasons: starting it takes 0.3 s, three times as
## long as Octave itself, and it puts its own unique, rng, ls and others before
## those of Octave, which is nothing to do to tests of other code.
##
## MRST's own startup is run, with its banner and settings table kept quiet.

function state = weft_mrst (state)
  root = getenv ("WEFT_MRST");
  if (isempty (root))
    return;
  endif
  state.mrst = "offered";
  if (isempty (regexpi (weft_read (state.file), '\<mrst', "once")))
    return;
  endif
  warnings = warning ("off", "all");
  unwind_protect
    talk = evalc ("run (fullfile (root, \"startup.m\"))");
  unwind_protect_cleanup
    warning (warnings);
    cd (state.root);
  end_unwind_protect
  ## The project's folders come first again: a test is of its own code.
  weft_add_paths (state.file);
  state.mrst = "started";
endfunction
