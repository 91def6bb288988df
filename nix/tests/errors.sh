# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# What nix/lib refuses: errors.nix. Only Nix itself sees an error's words, so each case is an evaluation of its own.

cases="let nixpkgs = import $tests/fakeNixpkgs.nix; in import $tests/errors.nix { inherit nixpkgs; lib = import $repository/nix/lib { inherit nixpkgs; }; }"
while IFS=$'\t' read -r name message; do
  if said=$(nix eval --impure --expr "($cases).$name.expr" 2>&1); then
    bad "errors.nix: $name" "wanted an error, got $said"
  else
    # The trace above the error quotes source lines, these very cases among them.
    contains "errors.nix: $name" "$message" "${said##*error: }"
  fi
done < <(nix eval --raw --impure --expr "
  let cases = $cases; in
  builtins.concatStringsSep \"\" (map (name: \"\${name}\t\${cases.\${name}.message}\n\") (builtins.attrNames cases))")
