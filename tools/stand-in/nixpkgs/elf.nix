# What makes Debian's binaries run from the store: Debian's C library, and patchelf to point them at it.
{
  deb,
  tree,
}:
rec {
  # The C, C++ and GCC run-time libraries.
  libraries = "${
    tree "glibc-2.36" (
      map deb [
        "libc6"
        "libgcc-s1"
        "libstdc++6"
      ]
    )
  }/usr/lib/x86_64-linux-gnu";
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
