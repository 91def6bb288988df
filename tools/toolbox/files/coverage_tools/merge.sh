#!/bin/bash
# merge.sh --coverage_dir=FOLDER|--reports_file=LIST --output_file=FILE …: lcov trace files, one after the other, which
# is again a trace file. The real merger adds up what they say of the same line; readers of the format do, too.
set -euo pipefail
folder='' list='' output=''
for argument in "$@"; do
  case $argument in
    --coverage_dir=*) folder=${argument#*=} ;;
    --reports_file=*) list=${argument#*=} ;;
    --output_file=*) output=${argument#*=} ;;
  esac
done
{
  if [[ -n $folder ]]; then find "$folder" -name '*.dat' -type f ! -samefile "$output" -exec cat {} + 2> /dev/null || true; fi
  if [[ -n $list ]]; then xargs -r -d '\n' cat < "$list"; fi
} > "$output.merged"
mv "$output.merged" "$output"
