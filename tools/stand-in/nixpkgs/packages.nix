# The stand-in's packages, under nixpkgs' attribute names.
{ system }:
let
  lib = import ./lib.nix;
  artifact = import ./artifact.nix { inherit system; };
  inherit (import ./pins.nix { inherit lib artifact; }) deb set goModule;
  inherit (import ./run.nix { inherit system artifact; }) run busybox;
  tree = import ./tree.nix { inherit run; };
  elf = import ./elf.nix { inherit run deb tree; };

  tool = import ./shell/tool.nix { inherit run tree elf; };
  shell = import ./shell {
    inherit
      run
      busybox
      deb
      tool
      ;
  };

  makePython = import ./python {
    inherit
      lib
      run
      deb
      tree
      elf
      ;
  };
  debianPython = import ./python/debian.nix { inherit run tree elf; };
  embeddedPython = import ./python/embedded.nix {
    inherit
      run
      tree
      deb
      elf
      ;
  };
in
shell
// rec {
  inherit lib system busybox;

  # Debian 11's, the only Python 3.9 to be had: the first to go when the mirror drops old releases.
  python39 = makePython {
    pythonVersion = "3.9";
    version = "3.9.2";
    interpreter = debianPython {
      version = "3.9";
      debs = set "python" ++ set "python39";
    };
  };
  # No Debian release had Python 3.10: a Go module that embeds one does.
  python310 = makePython {
    pythonVersion = "3.10";
    version = "3.10.16";
    interpreter = embeddedPython {
      version = "3.10";
      zip = goModule "go-embed-python-3.10.16.zip";
    };
  };
  python311 = makePython {
    pythonVersion = "3.11";
    version = "3.11.2";
    interpreter = debianPython {
      version = "3.11";
      debs = set "python" ++ set "python311";
    };
  };
  python3 = python311;

  octave = import ./octave.nix {
    inherit
      lib
      run
      busybox
      set
      tree
      elf
      ;
  };

  runCommand = import ./run-command.nix { inherit run; };
  symlinkJoin = import ./symlink-join.nix { inherit run; };
  buildEnv = symlinkJoin;
  mkShellNoCC = import ./mk-shell.nix {
    inherit system run;
    inherit (shell) bash;
  };
  mkShell = mkShellNoCC;
}
