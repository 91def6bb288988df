# shellcheck shell=bash
# What the toolbox's scripts share: the versions needed, messages, comparing versions.

# shellcheck disable=SC2034 # read by the scripts that source this
{
  bazel_needed=7.4
  nix_needed=2.18
  cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/weft
}

# say TEXT: one line of progress. stdout is for results.
say() { printf 'weft: toolbox: %s\n' "$1" >&2; }

# stop ERROR HINT: an environment that cannot be made ends with code 3.
stop() {
  printf 'weft: error: %s\nweft: hint: %s\n' "$1" "$2" >&2
  exit 3
}

# at_least VERSION NEEDED: compare major.minor; what follows ("7.7.1+ds-8", "2.34.8pre") does not matter.
at_least() {
  [[ $1 =~ ^[^0-9]*([0-9]+)\.([0-9]+) ]] || return 1
  local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  ((major > ${2%.*} || (major == ${2%.*} && minor >= ${2#*.})))
}
