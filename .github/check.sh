#!/usr/bin/env bash
# The check of the action: annotations in the log, a summary of the job, and SARIF for code scanning.
#
#   check.sh FOLDER     where the program is
set -euo pipefail

folder=$1
sarif=$RUNNER_TEMP/rowlock.sarif
args=(check "$ROWLOCK_PATH" --fail-on "$ROWLOCK_FAIL_ON" --format github --report "sarif=$sarif")
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || args+=(--report "markdown=$GITHUB_STEP_SUMMARY")
[ -z "$ROWLOCK_SINCE" ] || args+=(--since "$ROWLOCK_SINCE")
read -r -a more <<<"$ROWLOCK_ARGS"

rm -f "$sarif"
code=0
"$folder/rowlock" "${args[@]}" ${more[@]+"${more[@]}"} || code=$?
# Also with findings: they are what is uploaded.
[ ! -f "$sarif" ] || echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
exit "$code"
