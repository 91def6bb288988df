# coreutils, bash and a few more programs that tests' shell lines use, under nixpkgs' names.
{
  run,
  busybox,
  deb,
  tool,
}:
let
  acl = map deb [
    "libacl1"
    "libattr1"
    "libselinux1"
    "libpcre2-8-0"
  ];
in
rec {
  coreutils = tool {
    name = "coreutils";
    version = "9.1";
    deb = deb "coreutils";
    libraries = acl ++ [ (deb "libgmp10") ];
    finish = "rm -f $out/bin/*.textutils; $out/bin/ls $out/bin | $out/bin/sort | $out/bin/wc -l";
  };

  bash = tool {
    name = "bash";
    version = "5.2.15";
    deb = deb "bash";
    libraries = [ (deb "libtinfo6") ];
    finish = ''
      rm -f $out/bin/bashbug $out/bin/clear_console $out/bin/rbash
      ln -s bash $out/bin/sh
      $out/bin/sh -c 'echo "$0"'
    '';
  };
  bashInteractive = bash;

  gnused = tool {
    name = "gnused";
    version = "4.9";
    deb = deb "sed";
    libraries = acl;
    finish = "echo a | $out/bin/sed s/a/b/";
  };

  gnugrep = tool {
    name = "gnugrep";
    version = "3.8";
    deb = deb "grep";
    libraries = [ (deb "libpcre2-8-0") ];
    finish = ''
      rm -f $out/bin/rgrep
      for script in egrep fgrep; do
        sed -i -e "1s|.*|#!${bash}/bin/sh|" -e "s|exec grep|exec $out/bin/grep|" $out/bin/$script
      done
      echo a | $out/bin/egrep a
    '';
  };

  findutils = tool {
    name = "findutils";
    version = "4.9.0";
    deb = deb "findutils";
    libraries = acl;
    finish = "$out/bin/find $out -name find | $out/bin/xargs echo";
  };

  diffutils = tool {
    name = "diffutils";
    version = "3.8";
    deb = deb "diffutils";
    finish = "$out/bin/diff $out/bin/diff $out/bin/diff";
  };

  # awk alone, and busybox's: Debian's gawk needs more libraries than the stand-in has.
  gawk =
    run "gawk-1.35.0" { } ''
      mkdir -p $out/bin
      ln -s ${busybox}/bin/busybox $out/bin/awk
      $out/bin/awk 'BEGIN { print 6 * 7 }'
    ''
    // {
      pname = "gawk";
      version = "1.35.0";
    };
}
