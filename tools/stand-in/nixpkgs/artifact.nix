# A file that tools/stand-in/prepare has downloaded, checked and added to the store under this very path.
# The builder therefore runs only when that was not done, or when the mirror has dropped the file: then it
# costs the derivations that need it and no other, and says its name.
{ system }:
{
  name,
  hash, # sha256, hexadecimal for a file, SRI for a folder
  mode ? "flat", # "recursive" for a folder
  origin ? name, # what a person would look for
}:
derivation {
  inherit name system;
  builder = "/bin/sh";
  args = [
    "-c"
    ''
      echo "stand-in nixpkgs: ${origin} is not in the store." >&2
      echo "Run tools/stand-in/prepare: it fetches the file, or says that the mirror no longer has it." >&2
      exit 1
    ''
  ];
  outputHashMode = mode;
  outputHashAlgo = "sha256";
  outputHash = hash;
}
