# What makes Debian's binaries run from the store: Debian's C library, and patchelf to point them at it.
{
  run,
  deb,
  tree,
}:
let
  debian = tree "glibc-2.36-debs" (
    map deb [
      "libc6"
      "libgcc-s1"
      "libstdc++6"
    ]
  );
  # Debian's loader looks in the machine's own folders for what it does not find; this one looks in folders that
  # are not there, with names as long, so that no library comes from outside the store.
  glibc = run "glibc-2.36" { } ''
    cp -a ${debian} $out
    loader=$out/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
    chmod u+w $out/usr/lib/x86_64-linux-gnu $loader
    sed -i -e 's|/usr/lib/|/nix/lib/|' -e 's|/lib/x86_64-linux-gnu/|/nix/x86_64-linux-gnu/|' \
      -e 's|^/lib/|/nix/|' -e 's|^/etc/ld\.so\.|/nix/ld.so.|' $loader
    chmod 555 $loader
    if strings $loader | grep '^/lib/\|^/usr/lib/\|x/lib/x86\|^/etc/ld'; then
      echo "the loader still names the machine's folders" >&2
      exit 1
    fi
  '';
in
rec {
  # The C, C++ and GCC run-time libraries.
  libraries = "${glibc}/usr/lib/x86_64-linux-gnu";
  loader = "${libraries}/ld-linux-x86-64.so.2";

  # patchelf itself needs the loader named: nothing has patched it.
  patchelf = "${loader} --library-path ${libraries} ${
    tree "patchelf-0.14.3" [ (deb "patchelf") ]
  }/usr/bin/patchelf";

  # The command that makes an executable look for its libraries in PATHS, then in the C library's folder.
  # DT_RPATH, not DT_RUNPATH: it is inherited by everything that the program loads.
  patchProgram =
    paths:
    "${patchelf} --set-interpreter ${loader} --force-rpath --set-rpath ${
      builtins.concatStringsSep ":" (paths ++ [ libraries ])
    }";
  patchLibrary =
    paths:
    "${patchelf} --force-rpath --set-rpath ${builtins.concatStringsSep ":" (paths ++ [ libraries ])}";
}
