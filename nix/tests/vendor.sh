# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# The weft package's vendorHash is that of go.mod and of what the code imports.

said=$("$repository/nix/update-vendor-hash" --check 2>&1) || true
equal "vendorHash is up to date" "" "$said"
