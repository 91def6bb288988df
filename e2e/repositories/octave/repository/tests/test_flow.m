% A script: paths as a user sets them.
addpath (fullfile (fileparts (mfilename ("fullpath")), "..", "src"));

table = dlmread (fullfile (fileparts (mfilename ("fullpath")), "data", "rates.csv"), ",");
for i = 1:rows (table)
  assert (flow_rate (table(i,1), table(i,2)), table(i,3), 1e-9);
end
