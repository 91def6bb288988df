# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# The flakes' locks: an override leaves them as they are and fetches nothing, and every pin says what it is.

mapfile -t all < <(overrides)
for example in reservoir failing; do
  folder=$repository/examples/$example
  before=$(sha256sum "$folder/flake.lock")
  names=$(cd "$folder" && nix eval --raw "${all[@]}" .#weftEnvironments.x86_64-linux \
    --apply 'environments: toString (builtins.attrNames environments)' 2> "$scratch/talk") ||
    bad "$example: evaluates" "$(< "$scratch/talk")"
  equal "$example: the lock is byte for byte the same" "$before" "$(sha256sum "$folder/flake.lock")"
  declare "${example}_names=$names"
done
# shellcheck disable=SC2154 # declared above
{
  equal "reservoir: its environments" "full minimal octave python3.10 python3.11 python3.9" "$reservoir_names"
  equal "failing: its environments" "minimal octave python3.11 python3.9" "$failing_names"
}

# Every system's environments evaluate lazily: one without packages costs no other. The stand-in has one system.
standing=$(cd "$repository/examples/reservoir" && nix eval --json "${all[@]}" .#weftEnvironments --apply '
  builtins.mapAttrs (system: builtins.mapAttrs (name: environment:
    (builtins.tryEval (builtins.seq environment.drvPath true)).success))' 2> "$scratch/talk") ||
  bad "reservoir: every system evaluates" "$(< "$scratch/talk")"
contains "reservoir: x86_64-linux has all" '"x86_64-linux":{"full":true,"minimal":true,"octave":true,"python3.10":true,"python3.11":true,"python3.9":true}' "$standing"
if [[ ${WEFT_OVERRIDE_INPUT-} == *stand-in* ]]; then
  contains "stand-in: another system's absence can be caught" '"aarch64-darwin":{"full":false,' "$standing"
  said=$(cd "$repository/examples/reservoir" && nix eval "${all[@]}" .#weftEnvironments.aarch64-linux.full.drvPath 2>&1) || true
  contains "stand-in: another system's absence is said" "stand-in nixpkgs: no packages for aarch64-linux" "$said"
fi

# A network namespace of its own: what an evaluation or a build would fetch, it could not.
if [[ -n ${WEFT_OVERRIDE_INPUT-} ]] && unshare --net true 2> /dev/null; then
  if said=$(cd "$repository/examples/reservoir" && unshare --net nix --extra-experimental-features 'nix-command flakes' \
    build --no-link "${all[@]}" .#weftEnvironments.x86_64-linux.minimal 2>&1); then
    ok "reservoir: nothing is fetched under an override"
  else
    bad "reservoir: nothing is fetched under an override" "$said"
  fi
fi

# A copy outside git has no ../..: weft is then overridden as well.
cp -r "$repository/examples/reservoir" "$scratch/copy"
version=$(cd "$scratch/copy" && nix eval --raw "${all[@]}" --override-input weft "git+file://$repository" \
  .#weftEnvironments.x86_64-linux.full.kind 2> "$scratch/talk") || version=$(< "$scratch/talk")
equal "reservoir: a copy without git works with weft overridden" python "$version"

mkdir "$scratch/template"
(cd "$scratch/template" && nix flake init --template "git+file://$repository" 2> "$scratch/talk") || bad "template: can be copied" "$(< "$scratch/talk")"
mapfile -t own < <(overrides nixpkgs)
version=$(cd "$scratch/template" && nix build --no-link --print-out-paths "${own[@]}" --override-input weft "git+file://$repository" \
  .#weftEnvironments.x86_64-linux.minimal 2> "$scratch/talk") || version=$(< "$scratch/talk")
contains "template: its environments can be built" -env "$version"
equal "template: git is told what is not to be checked in" "/bazel-* /.weft/" "$(tr '\n' ' ' < "$scratch/template/.gitignore" | sed 's/ $//')"
