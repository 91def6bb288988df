function test_radius ()
  addpath (fullfile (fileparts (mfilename ("fullpath")), "..", "src"));
  assert (wells.radius (3), 1.5);
end
