# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# The example's environments, built: each holds what it promises and nothing else.

mapfile -t all < <(overrides)
flake="$repository/examples/reservoir"

# path_of NAME: builds the environment and says where it is.
path_of() {
  (cd "$flake" && nix build --no-link --print-out-paths "${all[@]}" ".#weftEnvironments.x86_64-linux.\"$1\"") 2> "$scratch/talk" ||
    cat "$scratch/talk" >&2
}

# its_own PATH: the names in bin/ that are not the ordinary tools'.
its_own() {
  comm -23 <(ls "$1/bin") <(ordinary) | tr '\n' ' '
}

# ordinary: the names of the ordinary tools.
ordinary() {
  local program path
  for program in ls sed grep find diff; do
    path=$(readlink -f "$minimal/bin/$program")
    ls "${path%/*}"
  done | sort -u
}

minimal=$(path_of minimal)

# python NAME VERSION MODULES PROGRAMS
python() {
  local path got
  path=$(path_of "$1")
  if [[ ! -d $path ]]; then
    bad "$1: can be built" "$path"
    return
  fi
  equal "$1: bin/ holds its own programs, sh and the ordinary tools" "$4 " "$(its_own "$path")"
  got=$(cd / && env -i PATH="$path/bin" python3 -B "$tests/inside.py" 2>&1) || true
  equal "$1: runs on its own, sys.prefix is its path" "executable: $path/bin/python3
libraries from outside the store: nothing
modules: $3
prefix: $path
shell: 2
version: $2
writes: no home" "$got"
  got=$(cd / && env -i PATH="$path/bin" python3 -I -B -c 'import pytest, sys; print(sys.prefix)' 2>&1) || true
  equal "$1: the same with python3 -I" "$path" "$got"
  got=$(cd / && env -i PATH="$path/bin" sh -c 'pytest --version && head -n 1 "$0" | cut -c1-2' "$path/bin/pytest" 2>&1) || true
  contains "$1: its programs start" "pytest " "$got"
  equal "$1: all of the ordinary tools are there" "" "$(comm -13 <(ls "$path/bin") <(ordinary))"
  got=$(cd / && env -i PATH="$path/bin" sh -c 'for p in ls cat cp mv rm mkdir head tail sort cut tr wc sed grep find xargs diff cmp; do $p --version || exit 1; done' 2>&1 | grep -c GNU) || true
  if [ "$got" -ge 18 ]; then ok "$1: the ordinary tools are GNU's"; else bad "$1: the ordinary tools are GNU's" "$got"; fi
}
tools="bandit coverage pytest pytest_benchmark pytest_cov"
scripts() { tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/ $//'; }
python minimal 3.11 pytest "py.test pytest python python3 python3.11 sh"
if [[ ${WEFT_OVERRIDE_INPUT-} == *stand-in* ]]; then
  programs="bandit bandit-baseline bandit-config-generator cpuinfo pbr py.test py.test-benchmark pytest pytest-benchmark python python-coverage python3"
  python python3.9 3.9 "$tools" "$programs python3.9 sh"
  python python3.10 3.10 "$tools" "$programs python3.10 sh"
  python python3.11 3.11 "$tools" "$programs python3.11 sh"
  python full 3.11 "bandit coverage numpy pytest pytest_benchmark pytest_cov" \
    "$(scripts <<< "$programs python3.11 sh f2py f2py3 f2py3.11")"
fi

octave=$(path_of octave)
equal "octave: bin/ holds octave, sh and the ordinary tools" "octave octave-cli sh " "$(its_own "$octave")"
got=$(cd / && env -i PATH="$octave/bin" HOME="$scratch" octave --no-gui --norc --no-history \
  --eval 'printf("%g %g\n", det(magic(3)), sparse(2 * eye(2)) \ [2; 2])' 2>&1) || true
equal "octave: computes" $'-360 1\n1 ' "$got"
got=$(env -i "$octave/libexec/weft/python3" -c 'import sys; print(sys.version_info >= (3, 9))' 2>&1) || true
equal "octave: has a Python for the launcher" True "$got"
equal "octave: has MRST" yes "$([ -f "$octave/share/mrst/startup.m" ] && echo yes)"

if [[ ${WEFT_OVERRIDE_INPUT-} == *stand-in* ]]; then
  equal "octave: says what stands in" \
    '{"kind":"octave","mrst":{"standIn":true,"version":"stand-in"},"standIn":["nixpkgs","mrst"]}' \
    "$(< "$octave/weft-environment.json")"
  equal "minimal: says what stands in" '{"kind":"python","standIn":["nixpkgs"]}' "$(< "$minimal/weft-environment.json")"
  cp -rL "$octave/share/mrst" "$scratch/mrst"
  chmod -R u+w "$scratch/mrst"
  got=$(cd / && env -i PATH="$octave/bin" HOME="$scratch" MRST="$scratch/mrst" octave --no-gui --norc --no-history \
    "$tests/pressure.m" 2>&1) || true
  contains "MRST's stand-in: ten cells between 2 and 1 bar" "the pressure is 2 - x/100" "$got"
fi

# What the library refuses only when it builds.
nixpkgs=$(overrides nixpkgs | tail -n 1)
if said=$(nix build --no-link --impure --expr "
  let nixpkgs = builtins.getFlake \"${nixpkgs:-github:NixOS/nixpkgs/nixos-25.11}\"; in
  (import $repository/nix/lib { inherit nixpkgs; }).pythonEnvironment {
    python = nixpkgs.legacyPackages.x86_64-linux.python311; packages = ps: [ ps.coverage ];
  }" 2>&1); then
  bad "without pytest: is refused" "$said"
else
  contains "without pytest: is refused with the remedy" \
    "weft.lib.pythonEnvironment: no pytest among the packages; add it: packages = ps: [ ps.pytest" "$said"
fi
got=$(nix build --no-link --print-out-paths --impure --expr "
  let nixpkgs = builtins.getFlake \"${nixpkgs:-github:NixOS/nixpkgs/nixos-25.11}\"; pkgs = nixpkgs.legacyPackages.x86_64-linux; in
  (import $repository/nix/lib { inherit nixpkgs; }).pythonEnvironment {
    python = pkgs.python311; tools = [ pkgs.gnused pkgs.gnugrep pkgs.findutils pkgs.diffutils ];
  }" 2> "$scratch/talk") || got=$(< "$scratch/talk")
equal "tools: are in bin/" 3 \
  "$(env -i PATH="$got/bin" sh -c 'printf "a\nb\na\n" | grep -n a | sed "s/:.*//" | tail -n 1; diff "$0" "$0"; find "$0" -name none' "$got/pyvenv.cfg" 2>&1)"

# What the mirror has dropped costs what needs it, by name, and nothing else.
if [[ ${WEFT_OVERRIDE_INPUT-} == *stand-in* ]]; then
  cp -r "$repository/tools/stand-in/nixpkgs" "$scratch/dropped"
  sed -i 's|^\(bullseye/libmpdec3 .*\) .*|\1 '"$(printf gone | sha256sum | cut -d' ' -f1)|" "$scratch/dropped/debs.lock"
  said=$(cd "$scratch/dropped" && nix build --no-link --keep-going --print-out-paths "path:$scratch/dropped#python39" "path:$scratch/dropped#python311" 2>&1) || true
  contains "stand-in: a package that is not in the store is named" "stand-in nixpkgs: libmpdec3_2.5.1-1_amd64.deb is not in the store." "$said"
  contains "stand-in: with what to do" "Run tools/stand-in/prepare" "$said"
  got=$(nix build --no-link --print-out-paths "path:$scratch/dropped#python311" 2> "$scratch/talk") || got=$(< "$scratch/talk")
  contains "stand-in: the other Pythons are built" /nix/store/ "$got"
fi
