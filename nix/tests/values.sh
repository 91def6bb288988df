# shellcheck shell=bash
# What nix/lib evaluates to: values.nix, with placeholders for nixpkgs.

result=$(nix eval --json --impure --expr "import $tests/failures.nix { }")
if [[ $result == *'"failures":{}'* ]]; then
  ok "values.nix: $(sed 's/[^0-9]*\([0-9]*\).*/\1/' <<< "$result") cases"
else
  bad values.nix "$result"
fi
