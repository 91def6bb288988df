## weft_add_paths (FILE): put the source roots of WEFT_PATHS, then the folder of
## FILE, before everything that is on the load path.

function weft_add_paths (file)
  roots = ostrsplit (getenv ("WEFT_PATHS"), pathsep ());
  folder = fileparts (file);
  if (isempty (folder))
    folder = ".";
  endif
  roots{end+1} = folder;
  for i = numel (roots):-1:1
    ## Absolute, so that a test may change its folder.
    absolute = make_absolute_filename (roots{i});
    if (! isempty (roots{i}) && exist (absolute, "dir") == 7)
      addpath (absolute);
    endif
  endfor
endfunction
