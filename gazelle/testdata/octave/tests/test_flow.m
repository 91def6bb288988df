addpath ('../src');
table = dlmread ('rates.csv');
assert (flow_rate (1, 1), 1);
