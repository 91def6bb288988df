# run NAME ATTRIBUTES SCRIPT: a derivation built by a busybox shell script, in Nix's sandbox.
# The static busybox is the only tool that no builder can unpack: prepare adds it to the store as bin/{busybox,sh}.
{ system, artifact }:
let
  busybox = artifact {
    name = "stand-in-busybox";
    origin = "busybox-static";
    mode = "recursive";
    hash = "sha256-HQSV/PgXO9v7Qj5uQt71RduDHcAQxi0aEJPTEw2BpFQ=";
  };
  run =
    name: attributes: script:
    derivation (
      {
        inherit name system;
        builder = "${busybox}/bin/busybox";
        args = [
          "sh"
          "-euc"
          ''
            mkdir -p "$TMPDIR/bin"
            ${busybox}/bin/busybox --install -s "$TMPDIR/bin"
            export PATH="$TMPDIR/bin"
            ${script}
          ''
        ];
        # Files in the store have the time stamp 1 and must not depend on who built them: no stray .pyc, no hash seed.
        PYTHONDONTWRITEBYTECODE = "1";
        PYTHONHASHSEED = "0";
        LANG = "C.UTF-8";
      }
      // attributes
    );
in
{
  inherit run busybox;
}
