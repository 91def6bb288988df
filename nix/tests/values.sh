# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# What nix/lib evaluates to: values.nix, with placeholders for nixpkgs.

result=$(nix eval --json --impure --expr "import $tests/failures.nix { }")
if [[ $result == *'"failures":{}'* ]]; then
  ok "values.nix: $(tr -dc 0-9 <<< "$result") cases"
else
  bad values.nix "$result"
fi
