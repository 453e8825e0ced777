#!/usr/bin/env bash
# Fetches as much history as a review needs, and no more: until the commit at which HEAD left BASE is there for sure.
# usage: fetch-base.sh BASE-BRANCH HEAD-COMMIT [REMOTE]; afterwards REMOTE/BASE-BRANCH is the tip of the base.
# Environment: PLANTPROOF_DEPTH, commits to begin with (20); PLANTPROOF_MOST_COMMITS, where to give up (100000).
# Exit codes: 0 it is there; 2 it is not, with the reason.
set -Eeuo pipefail
trap 'exit 2' ERR

base=${1:-}
head=${2:-}
remote=${3:-origin}
depth=${PLANTPROOF_DEPTH:-20}
most=${PLANTPROOF_MOST_COMMITS:-100000}
tip="refs/remotes/$remote/$base"

refuse() { echo "fetch-base: $1" >&2; exit 2; }
fetch() { git fetch --quiet --no-tags --no-recurse-submodules "$@"; }
branch="+refs/heads/$base:$tip"
shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }

git check-ref-format "refs/heads/$base" || refuse "the base is no name of a branch"
[[ $head =~ ^[0-9a-f]{40}([0-9a-f]{24})?$ ]] || refuse "the head is no full id of a commit"

# One merge base, and no end of the clone between it and the two tips: an end there may hide a nearer one.
found() {
    local bases ours
    bases=$(git merge-base --all "$tip" "$head") || return 1
    [ "$(wc -w <<<"$bases")" -eq 1 ] || return 1
    ours=$(git rev-list "$tip" "$head" "^$bases") || return 1
    ! grep -qxFf "$(git rev-parse --git-path shallow)" <<<"$ours"
}

if ! shallow; then
    fetch "$remote" "$branch" || refuse "cannot fetch $base from $remote"
    git cat-file -e "$head^{commit}" || refuse "the head is not in this clone"
    exit 0 # the history is whole: whatever is odd about it, `plantproof diff` says
fi
while :; do
    # One by one: of several at once git deepens only those that it has to download.
    fetch --depth="$depth" "$remote" "$branch" || refuse "cannot fetch $base from $remote"
    fetch --depth="$depth" "$remote" "$head" || refuse "cannot fetch the head from $remote"
    shallow || exit 0
    if found; then
        echo "fetch-base: $depth commits were enough" >&2
        exit 0
    fi
    [ "$depth" -lt "$most" ] || refuse "no common ancestor within $depth commits"
    depth=$((depth * 4))
    [ "$depth" -le "$most" ] || depth=$most
done
