function test_wrong ()
  addpath ([fileparts(mfilename ("fullpath")) "/../src"]);
  assert (wells.radius (3), 2);
end
