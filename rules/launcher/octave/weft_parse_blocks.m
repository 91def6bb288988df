## TESTS = weft_parse_blocks (ROWS): the "%!" blocks of a file given as a cell
## array of lines.
##
## As in Octave's own test function: only lines that start with "%!" in the first
## column count, a block begins where a character other than white space follows
## these two, its kind is the letters there, and it goes on over all lines up to
## the next beginning, whatever lies between them.

function tests = weft_parse_blocks (rows)
  tests = {};
  at = find (strncmp (rows, "%!", 2));
  bodies = cellfun (@(row) row(3:end), rows(at), "UniformOutput", false);
  starts = find (! cellfun (@(body) isempty (body) || isspace (body(1)), bodies));
  ends = [starts(2:end) - 1, numel(bodies)];
  for i = 1:numel (starts)
    test = one_block (bodies(starts(i):ends(i)), at(starts(i):ends(i)));
    if (! isempty (test))
      tests{end+1} = test;
    endif
  endfor
  tests = unique_names (tests);
endfunction

function test = one_block (bodies, lines)
  kind = regexp (bodies{1}, '^[A-Za-z]*', "match", "once");
  test = [];
  if (any (strcmp (kind, {"demo", "endfunction"})) || bodies{1}(1) == "#")
    return;
  endif
  test.kind = kind;
  test.line = lines(1);
  test.lines = lines;
  test.source = strjoin (bodies, "\n");
  bodies{1} = bodies{1}(numel (kind)+1:end);
  test.code = strjoin (bodies, "\n");
  test.name = block_name (kind, bodies);
endfunction

## A name that survives lines being added above the block: the code of a block
## of one line, else the comment that the block begins with.  Blocks with
## neither are numbered.
function name = block_name (kind, bodies)
  first = strtrim (bodies{1});
  texts = strtrim (bodies);
  texts(cellfun (@isempty, texts)) = [];
  comment = "";
  if (any (strcmp (kind, {"test", "xtest", "testif"})) && ! isempty (texts))
    ## On the block's own line after its code or bug number, or on the next.
    comment = regexp (texts{1}, '^[^"''%#]*[%#]+\s*(.*)$', "tokens", "once");
    if (isempty (comment) && isempty (regexprep (first, '^<[^>]*>', "")))
      comment = regexp (texts{min (end, 1 + ! isempty (first))}, '^[%#]+\s*(.*)$', "tokens", "once");
    endif
    if (! isempty (comment) && ! isempty (regexp (comment{1}, '^weft:', "once")))
      comment = "";
    endif
  endif
  if (! isempty (comment))
    name = [kind ": " comment{1}];
  elseif (! isempty (first) && ! any (strcmp (kind, {"testif", "shared"})))
    name = [kind " " first];
  else
    name = kind;
  endif
  name = regexprep (name, '\s+', " ");
  if (numel (name) > 100)
    name = [name(1:97) "..."];
  endif
endfunction

## The second and later of equal names get a number.
function tests = unique_names (tests)
  names = {};
  for i = 1:numel (tests)
    names{end+1} = tests{i}.name;
    n = sum (strcmp (names, tests{i}.name));
    if (n > 1)
      tests{i}.name = sprintf ("%s [%d]", tests{i}.name, n);
    endif
  endfor
endfunction

%!shared tests
%! tests = weft_parse_blocks ({"x = 1;", "%! before any block", "%!test # adds up", "%! a = 1;", "no part of it", ...
%!   "%! b = 2;", "%!## a comment", "%! still", "%!assert (1, 1)", "%!assert (1, 1)", " %!test indented", ...
%!   "%!error <no> f (1)", "%!demo", "%! plot (1)", "%!shared a, b", "%!test", "%! # says what"});

%!assert (cellfun (@(t) t.name, tests, "UniformOutput", false), ...
%!        {"test: adds up", "assert (1, 1)", "assert (1, 1) [2]", "error <no> f (1)", "shared", "test: says what"})
%!assert (cellfun (@(t) t.line, tests), [3, 9, 10, 12, 15, 16])
%!assert (tests{1}.lines, [3, 4, 6])
%!assert (tests{1}.code, " # adds up\n a = 1;\n b = 2;")
%!assert (tests{4}.kind, "error")
