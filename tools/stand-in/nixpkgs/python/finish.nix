# The last steps of an interpreter's build: its usual names, its byte code, and a look whether every module loads.
version: ''
  ln -s python${version} $out/bin/python3
  ln -s python3 $out/bin/python
  # Some files of the standard library's own tests are no valid Python, on purpose.
  $out/bin/python -m compileall -q --invalidation-mode unchecked-hash $out/lib/python${version} -x 'lib2to3/tests|/test/|bad_' || true
  $out/bin/python -c 'import bz2, ctypes, curses, hashlib, json, lzma, pyexpat, readline, socket, sqlite3, ssl, subprocess, sys, uuid, zlib; print(sys.version)'
''
