addpath ("src");
test ("src/flow_rate.m");
