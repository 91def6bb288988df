# shellcheck shell=bash disable=SC2154,SC2016 # the harness's variables; other shells' scripts
# tools/stand-in/prepare: with a mirror of this machine's own, a nix-store that writes down its calls, and a small set
# of pins. Nothing is fetched and nothing enters the store.

box=$scratch/prepare
mkdir -p "$box"/{bin,mirror/pool,checkout/tools/stand-in/nixpkgs/sets}
stand_in=$box/checkout/tools/stand-in
cp "$repository"/tools/stand-in/{prepare,fetch-debs} "$stand_in/"

# a_deb NAME: a package that apt's downloader and dpkg-deb take for one, pinned.
a_deb() {
  local tree=$box/deb
  rm -rf "$tree" && mkdir -p "$tree"/{DEBIAN,bin}
  printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: none\nDescription: none\n' "$1" > "$tree/DEBIAN/control"
  echo "$1" > "$tree/bin/busybox"
  dpkg-deb -b "$tree" "$box/mirror/pool/$1_1.deb" > /dev/null
  printf '%s pool/%s_1.deb %s\n' "$2" "$1" "$(sha256sum < "$box/mirror/pool/$1_1.deb" | cut -d' ' -f1)" >> "$stand_in/nixpkgs/debs.lock"
}
a_deb busybox-static busybox-static
a_deb libone libone
a_deb libtwo bullseye/libtwo
echo bullseye/libtwo > "$stand_in/nixpkgs/sets/python39"
: > "$stand_in/nixpkgs/go.lock"

cat > "$box/bin/nix-store" << 'EOF'
#!/bin/bash
# Writes down its call; its answer is a file that exists, as a store path does.
echo "$*" >> "$NIX_STORE_CALLS"
for argument in "$@"; do
  if [ -e "$argument" ]; then echo "$NIX_STORE_CALLS"; fi
done
EOF
chmod +x "$box/bin/nix-store"

# prepare: stdout in $out, stderr in $err, the exit code in $code, the number of nix-store's calls so far in $calls.
prepare() {
  local log=$box/err.$BASHPID # two may run at once
  code=0
  out=$(env PATH="$box/bin:$PATH" NIX_STORE_CALLS="$box/calls" XDG_CACHE_HOME="$box/cache" \
    DEBIAN_MIRROR="copy:$box/mirror" "$stand_in/prepare" 2> "$log") || code=$?
  err=$(< "$log") calls=$(wc -l < "$box/calls")
}
: > "$box/calls"

answer="nixpkgs=path:$stand_in/nixpkgs nixpkgs-python39=path:$stand_in/nixpkgs nixpkgs-python314=path:$stand_in/nixpkgs mrst=path:$stand_in/mrst"
prepare
equal "prepare: says what to override" "$answer" "$out"
contains "prepare: tells what it fetches" "weft: stand-in: fetching 3 Debian packages" "$err"
contains "prepare: adds busybox as a folder" "--add-fixed --recursive sha256 " "$(< "$box/calls")"
contains "prepare: adds the packages' files" "/libone.deb" "$(< "$box/calls")"

before=$calls
prepare
equal "prepare: again, it says the same and nothing else" "$answer" "$out$err"
equal "prepare: again, it starts no nix" "$before" "$calls"

sed -i '1s/.*/0000/' "$box/cache/weft/stand-in/prepared" || true
prepare
contains "prepare: other pins than last time are noticed" "adding 3 files" "$err"
echo "$box/gone" >> "$box/cache/weft/stand-in/prepared"
prepare
contains "prepare: what the store has lost is added again" "adding 3 files" "$err"

rm -rf "$box/cache" && : > "$box/calls"
(prepare && printf '%s' "$err" > "$box/first") &
prepare
wait $! || true
equal "prepare: of two at once one does the work" 1 "$(cat "$box/first" <(printf '%s\n' "$err") | grep -c adding)"

rm -rf "$box/cache" "$box/mirror/pool/libtwo_1.deb"
prepare
equal "prepare: goes on without what the mirror has dropped" "0 $answer" "$code $out"
contains "prepare: names it and what needs it" "not to be had: libtwo_1.deb (needed by python39)" "$err"
contains "prepare: adds the rest" "adding 2 files" "$err"
prepare
contains "prepare: looks for it again the next time" "fetching 1 Debian packages" "$err"

echo changed > "$box/mirror/pool/libone_1.deb"
rm -rf "$box/cache"
prepare
contains "prepare: a file with another hash counts as dropped" "not to be had: libone_1.deb" "$err"
equal "prepare: and is not kept" "" "$(find "$box/cache" -name 'libone*')"

rm -rf "$box/cache" "$box/mirror/pool"
prepare
equal "prepare: without any mirror it ends with code 3" "3 " "$code $out"
contains "prepare: and says so" "weft: error: the stand-in nixpkgs cannot be built: no Debian mirror has its packages" "$err"
contains "prepare: with a hint" "weft: hint: connect to a Debian mirror" "$err"
