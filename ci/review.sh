#!/usr/bin/env bash
# Reviews a change: one evaluation, every output, one comment kept up to date, and the exit code of the gate.
#
# Environment
#   PLANTPROOF_BASE       the branch into which the change goes; what judges is read from it
#   PLANTPROOF_HEAD       the full id of the commit under review
#   PLANTPROOF_PROJECT    the folder of the project (.)
#   PLANTPROOF_OUTPUT     the folder for the outputs (plantproof-review); the change may hold nothing there
#   PLANTPROOF_FAIL_ON    words for --fail-on (those of plantproof.yaml)
#   PLANTPROOF_APPROVALS  `forge`: ask the forge what was approved; a file: it is there; nothing: not asked
#   PLANTPROOF_FORGE      `github` or `gitlab`, with what forge.py needs; nothing: no comment
#   PLANTPROOF_TOKEN      the token that may comment; nothing: no comment
#   PLANTPROOF_COMMENT    `false`: no comment
#   PLANTPROOF_FORK       `true`: the change comes from a fork, for which a token may read only: no comment
#
# Exit codes: 0 not worse; 1 worse; 2 wrong input, or a forge that did not answer; 3 a bug. Only 0 is green.
set -Eeuo pipefail
# 1 means worse, and nothing else: a command that fails for another reason is 2.
trap 'code=$?; exit $((code == 1 ? 2 : code))' ERR

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=ci/guards.sh
. "$here/guards.sh"
base=${PLANTPROOF_BASE:-}
head=${PLANTPROOF_HEAD:-}
out=${PLANTPROOF_OUTPUT:-plantproof-review}
comments=yes
[ -n "${PLANTPROOF_FORGE:-}" ] && [ -n "${PLANTPROOF_TOKEN:-}" ] || comments=no
[ "${PLANTPROOF_FORK:-}" != true ] && [ "${PLANTPROOF_COMMENT:-}" != false ] || comments=no

if [ -z "$base" ] || [ -z "$head" ]; then
    echo "review: PLANTPROOF_BASE and PLANTPROOF_HEAD say what is reviewed; is this a job of a merge request?" >&2
    exit 2
fi

# These events run with the secrets of the base, whoever sent the change.
case ${GITHUB_EVENT_NAME:-} in
    pull_request_target | workflow_run | issue_comment)
        echo "review: not on the event $GITHUB_EVENT_NAME: it lends a stranger's change the rights of the base; use pull_request" >&2
        exit 2
        ;;
esac

# What is under review lies in the checkout: it decides neither where outputs go nor what was approved or remembered.
own_place review PLANTPROOF_OUTPUT "$out"
own_cache review
case ${PLANTPROOF_APPROVALS:-} in
    "" | forge) ;;
    *) own_place review PLANTPROOF_APPROVALS "$PLANTPROOF_APPROVALS" ;;
esac

"$here/fetch-base.sh" "$base" "$head"
mkdir -p "$out"
rm -f "$out"/{review.txt,delta.json,comment.md,previous.md,approvals.json,plantproof.sarif,junit.xml,code-quality.json}
rm -f "$out"/{annotations.txt,summary.md}
# What lies there from now on was written here, and not by the change: a workflow may upload it.
echo "own=true" >>"${GITHUB_OUTPUT:-/dev/null}"

options=()
[ -z "${PLANTPROOF_FAIL_ON:-}" ] || options+=(--fail-on "$PLANTPROOF_FAIL_ON")
case ${PLANTPROOF_APPROVALS:-} in
    "") ;;
    forge)
        python3 -I "$here/forge.py" approvals "$out/approvals.json"
        options+=(--approvals "$out/approvals.json")
        ;;
    *) options+=(--approvals "$PLANTPROOF_APPROVALS") ;;
esac
[ "$comments" = no ] || python3 -I "$here/forge.py" previous "$out/previous.md"

take_no_commands
code=0
# The whole name: a tag called `origin/main` is nobody's base.
plantproof diff -C "${PLANTPROOF_PROJECT:-.}" "refs/remotes/origin/$base" "$head" ${options[@]+"${options[@]}"} \
    --format text --output "$out/review.txt" \
    --format json --output "$out/delta.json" \
    --format markdown --output "$out/comment.md" --previous-comment "$out/previous.md" \
    --format sarif --output "$out/plantproof.sarif" \
    --format junit --output "$out/junit.xml" \
    --format code-quality --output "$out/code-quality.json" \
    --format annotations --output "$out/annotations.txt" \
    --format job-summary --output "$out/summary.md" || code=$?
# Python, too, exits with 1 where it could not even start.
[ "$code" -gt 1 ] || [ -s "$out/delta.json" ] || code=3
[ "$code" -gt 1 ] || cat "$out/review.txt"
take_commands
[ "$code" -le 1 ] || exit "$code"

if [ "${GITHUB_ACTIONS:-}" = true ]; then
    cat "$out/annotations.txt"
    cat "$out/summary.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
if [ "$comments" = yes ]; then
    python3 -I "$here/forge.py" post "$out/comment.md"
else
    echo "review: no token that may comment; what it would say is in $out/comment.md" >&2
fi
exit "$code"
