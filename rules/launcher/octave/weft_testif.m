## [CODE, BUG, WHY] = weft_testif (STATE, CODE): decide on a testif block.
##
##   %!testif HAVE_A, HAVE_B ; runtime condition <bug>
##
## WHY is "" when it is to be run, else why it is skipped.  The condition sees the
## shared variables.

function [code, bug, why] = weft_testif (state, code)
  [line, rest] = first_line (code);
  line = regexprep (line, '[%#].*$', "");
  [bug, why] = deal ("");
  found = regexp (line, '<([^>;]*)>\s*$', "tokens", "once");
  if (! isempty (found))
    bug = found{1};
    line = regexprep (line, '<[^>;]*>\s*$', "");
  endif
  [features, condition] = strtok (line, ";");
  if (! isempty (line) && line(1) == ";")
    [features, condition] = deal ("", line);
  endif
  condition = regexprep (condition, '^[;\s]+|[;,\s]+$', "");

  ## Blank in the text, so that line numbers stay.
  code = ["\n" rest];
  features = regexp (features, '\w+', "match");
  for i = 1:numel (features)
    if (! __have_feature__ (strrep (features{i}, "HAVE_", "")))
      why = sprintf ("Octave was built without %s", features{i});
      return;
    endif
  endfor
  if (! isempty (condition) && ! weft_call (state, condition, "value"))
    why = sprintf ("condition is not met: %s", condition);
  endif
endfunction

function [line, rest] = first_line (code)
  at = index (code, "\n");
  if (at == 0)
    [line, rest] = deal (strtrim (code), "");
  else
    line = strtrim (code(1:at-1));
    rest = code(at+1:end);
  endif
endfunction

%!shared state
%! state = struct ("shared", {{"a"}}, "values", {{3}}, "path", path (), "root", pwd ());

%!test
%! [code, bug, why] = weft_testif (state, " HAVE_NOSUCH # never\n error (\"no\");");
%! assert (why, "Octave was built without HAVE_NOSUCH");
%!test
%! [code, bug, why] = weft_testif (state, " ; a == 3 <*42>\n x = 1;");
%! assert ({code, bug, why}, {"\n x = 1;", "*42", ""});
%!test
%! [~, ~, why] = weft_testif (state, " ; a > 3;\n x = 1;");
%! assert (why, "condition is not met: a > 3");
