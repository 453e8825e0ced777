#!/usr/bin/env bash
# How the plant stands on the branch that counts: every file, then every site.
# Environment: PLANTPROOF_PROJECT (.), PLANTPROOF_OUTPUT (plantproof-standing), PLANTPROOF_CACHE as for `check`.
# Exit codes: those of `plantproof check --fail-on stale`: 1 also where evidence is too old, and where debts were adopted
# of the gaps only for what is new or worse. 2 also where the branch holds something at the folder for the outputs, or at
# that of the cache.
set -Eeuo pipefail
# 1 means findings, and nothing else: a command that fails for another reason is 2.
trap 'code=$?; exit $((code == 1 ? 2 : code))' ERR

# shellcheck source=ci/guards.sh
. "$(dirname "$0")/guards.sh"
project=${PLANTPROOF_PROJECT:-.}
out=${PLANTPROOF_OUTPUT:-plantproof-standing}
own_place standing PLANTPROOF_OUTPUT "$out"
own_cache standing
# Of an earlier run nothing is left to be taken for what this one says.
rm -f "$out"/{assessment.json,junit.xml,code-quality.json}
take_no_commands
trap take_commands EXIT
plantproof validate -C "$project" --at HEAD
options=()
[ -z "$(git ls-tree -r --name-only HEAD -- "$project/controls/adopted")" ] || options+=(--against adopted)
mkdir -p "$out"
# The day is today's, not the commit's: evidence grows stale without a commit. Gaps of which nothing is known any more
# are none, so that alone would turn the job green by waiting.
today=$(date -u ${SOURCE_DATE_EPOCH:+-d "@$SOURCE_DATE_EPOCH"} +%Y-%m-%d)
code=0
plantproof check -C "$project" --at HEAD --date "$today" --fail-on stale ${options[@]+"${options[@]}"} \
    --format text --output - \
    --format json --output "$out/assessment.json" \
    --format junit --output "$out/junit.xml" \
    --format code-quality --output "$out/code-quality.json" || code=$?
exit "$code"
