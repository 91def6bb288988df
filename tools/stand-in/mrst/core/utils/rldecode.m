function a = rldecode(a, counts)
  % Repeat row k of A counts(k) times: run-length decoding.
  a = a(repelems(1:numel(counts), [1:numel(counts); counts(:)']), :);
end
