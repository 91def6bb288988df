## TEXT = weft_utf8 (TEXT): TEXT as one row, with "?" for each byte that is not
## part of well-formed UTF-8 (Unicode standard, table 3-7).
##
## jsonencode passes such bytes through, and no JSON reader takes them.

function text = weft_utf8 (text)
  if (isempty (text))
    text = "";
    return;
  endif
  if (rows (text) > 1)
    text = strjoin (cellstr (text)', "\n");
  endif
  if (all (text < 128))
    return;
  endif

  b = [double(text), 0, 0, 0];
  follows = b >= 128 & b < 192;
  good = b < 128;
  for n = 2:4
    first = {[194 223], [224 239], [240 244]}{n-1};
    at = find (b >= first(1) & b <= first(2));
    at(at > numel (text)) = [];
    whole = true (size (at));
    for k = 1:n-1
      whole &= follows(at+k);
    endfor
    ## Overlong forms, surrogates and what lies above U+10FFFF.
    second = b(at+1);
    whole &= ! (b(at) == 224 & second < 160) & ! (b(at) == 237 & second > 159) ...
             & ! (b(at) == 240 & second < 144) & ! (b(at) == 244 & second > 143);
    for k = 0:n-1
      good(at(whole)+k) = true;
    endfor
  endfor
  text(! good(1:numel (text))) = "?";
endfunction

%!assert (weft_utf8 (""), "")
%!assert (weft_utf8 (["ab"; "cd"]), "ab\ncd")
%!assert (weft_utf8 (char ([65 195 169 66])), char ([65 195 169 66]))
%!assert (weft_utf8 (char ([65 195 66])), "A?B")
%!assert (weft_utf8 (char ([240 159 152 128])), char ([240 159 152 128]))
%!assert (weft_utf8 (char ([240 159 152])), "???")
%!assert (weft_utf8 (char ([192 128 237 160 128 244 144 128 128])), "?????????")
