# shellcheck shell=bash
# What the tests share: counting, comparing, and nix with the overrides of WEFT_OVERRIDE_INPUT.

passed=0 failed=0
scratch=$(mktemp -d)
finished='' name=''
# A command that fails where no test looks ends the run: never without a word.
trap 'chmod -R u+w "$scratch" && rm -rf "$scratch"; [ -n "$finished" ] || echo "FAIL the tests stopped half-way, in ${name:-the beginning}"' EXIT

ok() {
  passed=$((passed + 1))
  printf 'ok   %s\n' "$1"
}

# bad NAME DETAILS: the test failed; the details are indented below it.
bad() {
  failed=$((failed + 1))
  printf 'FAIL %s\n' "$1"
  printf '%s\n' "$2" | sed 's/^/       /'
}

# equal NAME WANTED GOT: both are texts; a difference is shown line by line.
equal() {
  local difference
  if difference=$(diff -u --label wanted --label got <(printf '%s\n' "$2") <(printf '%s\n' "$3")); then
    ok "$1"
  else
    bad "$1" "$difference"
  fi
}

# contains NAME WANTED GOT: WANTED is somewhere in GOT, word for word.
contains() {
  if [[ $3 == *"$2"* ]]; then ok "$1"; else bad "$1" "wanted: $2"$'\n'"got: $3"; fi
}

finish() {
  finished=yes
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}

# overrides [NAME…]: the options that override these inputs, or all; one word a line.
overrides() {
  local pair
  for pair in ${WEFT_OVERRIDE_INPUT-}; do
    if [ $# = 0 ] || [[ " $* " == *" ${pair%%=*} "* ]]; then printf '%s\n' --override-input "${pair%%=*}" "${pair#*=}"; fi
  done
}

nix() { command nix --extra-experimental-features 'nix-command flakes' "$@"; }
