% A file by the name that nix/lib looks for.
