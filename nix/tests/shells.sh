# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# `nix develop` gives a person the environment that the tests have.

mapfile -t all < <(overrides)
for name in minimal octave; do
  program=python3 && [ $name = minimal ] || program=octave
  wanted=$(cd "$repository/examples/reservoir" && nix eval --raw "${all[@]}" ".#weftEnvironments.x86_64-linux.$name.outPath" 2> /dev/null)
  got=$(cd "$repository/examples/reservoir" && nix develop "${all[@]}" ".#$name" --command bash -c "command -v $program" 2> "$scratch/talk") ||
    got=$(< "$scratch/talk")
  equal "nix develop: $name" "$wanted/bin/$program" "$got"
done
