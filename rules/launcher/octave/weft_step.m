## STATE = weft_step (STATE, TEST): do what the tests after it stand on.
##
##   shared    declare the shared variables, all empty, and run the code that follows
##   function  define the function of a "%!function" block
##   define    define a function of a test_*.m file again, to be called from here
##   source    run a script that defines functions

function state = weft_step (state, test)
  switch (test.kind)
    case "shared"
      state = share (state, test);
    case "function"
      name = regexp (test.source, '^function\s+(?:[^=(\n]*=\s*)?([A-Za-z_]\w*)', "tokens", "once");
      if (isempty (name))
        error ("the function of this block has no name");
      endif
      ## The line map comes first: a parse error wants it too.
      state.lines(end+1,:) = {name{1}, test.lines};
      eval (test.source);
    case "define"
      eval (test.code);
    case "source"
      weft_call (state, sprintf ("source (\"%s\");", undo_string_escapes (state.file)), false);
  endswitch
endfunction

function state = share (state, test)
  first = regexp (test.code, '^[^\n]*', "match", "once");
  code = test.code(numel (first)+1:end);
  first = strtrim (regexprep (first, '[%#].*$', ""));
  ## Emptied before they are set: onCleanup objects among the old values run now.
  [state.shared, state.values] = deal ({}, {});
  if (! isempty (first))
    names = strtrim (ostrsplit (first, ","));
    bad = find (! cellfun (@isvarname, names), 1);
    if (! isempty (bad))
      error ("cannot share \"%s\": not the name of a variable", names{bad});
    endif
    state.shared = names;
    state.values = cell (1, numel (names));
  endif
  if (! isempty (strtrim (code)))
    state = weft_call (state, code, true);
  endif
endfunction
