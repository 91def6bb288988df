## Run the tests of one Octave test file, for Weft's launcher; ../JOURNAL.md is the
## contract.  A script, so that it can be given to octave-cli by its path.

addpath (fileparts (mfilename ("fullpath")));
exit (weft_run ());
