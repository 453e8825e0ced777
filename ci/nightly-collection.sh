#!/usr/bin/env bash
# Collects what lies in a drop folder, every night: merged by itself where nothing is worse, else up for review.
# usage: nightly-collection.sh DROP REMOTE
#   DROP/<site>/<source>/   the exports of one source; its oldest file says when it was collected. Names that begin with
#                           a dot or end in .part or .tmp are still being written and are left alone.
#   REMOTE                  the repository, as git fetches it; all work is done in a clone of its own.
#
# Environment
#   PLANTPROOF_MAIN          the branch to merge into (main)
#   PLANTPROOF_BRANCH        the branch for what must be reviewed (plantproof/collection)
#   PLANTPROOF_PROJECT       the folder of the project in the repository (.)
#   PLANTPROOF_FAIL_ON       what is worse: words for `diff --fail-on` (opened,worse,unknown,level-lost)
#   PLANTPROOF_BOT_NAME, PLANTPROOF_BOT_EMAIL    who commits (Plantproof collection, plantproof@localhost)
#   PLANTPROOF_PUSH_TOKEN    the token with which git pushes over https, where the remote's address has none
#   PLANTPROOF_OPEN_REQUEST  the command that opens a request for merging, unless one is open; it is given BRANCH MAIN
#                            TITLE FILE. Default: forge.py beside this script, where PLANTPROOF_TOKEN is set
#   PLANTPROOF_REDACTION_KEY as for `plantproof collect`
#
# Exit codes: 0 nothing new, or merged; 1 worse: it waits for review; 2 wrong input, or git or the forge failed; 3 a bug.
# One run at a time: where another has the drop folder's lock, this one does nothing and exits with 0.
set -Eeuo pipefail
# 1 means worse, and nothing else: a command that fails for another reason is 2.
trap 'code=$?; exit $((code == 1 ? 2 : code))' ERR
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 2 ] || { echo "usage: nightly-collection.sh DROP REMOTE" >&2; exit 2; }
drop=$(cd "$1" && pwd)
remote=$2
main=${PLANTPROOF_MAIN:-main}
branch=${PLANTPROOF_BRANCH:-plantproof/collection}
bot=${PLANTPROOF_BOT_NAME:-Plantproof collection}
email=${PLANTPROOF_BOT_EMAIL:-plantproof@localhost}

say() { echo "nightly collection: $1" >&2; }
refuse() { say "$1"; exit 2; }

# Whoever drops exports may leave links too: none is written through, none is followed.
[ ! -L "$drop/.lock" ] || refuse "the drop folder's .lock is a symbolic link"
exec 9>>"$drop/.lock" || refuse "the drop folder cannot be locked"
flock --nonblock 9 || { say "another one runs; nothing to do"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${PLANTPROOF_PUSH_TOKEN:-}" ]; then
    # For this address only, and on no command line.
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$remote.extraHeader"
    GIT_CONFIG_VALUE_0="Authorization: Basic $(printf 'oauth2:%s' "$PLANTPROOF_PUSH_TOKEN" | base64 | tr -d '\n')"
    export GIT_CONFIG_VALUE_0
fi
export GIT_TERMINAL_PROMPT=0
git clone --quiet --no-tags --single-branch --branch "$main" -- "$remote" "$work/clone" || refuse "cannot clone $main"
cd "$work/clone"
git config core.hooksPath /dev/null
git config core.autocrlf false
git config user.name "$bot"
git config user.email "$email"
project=${PLANTPROOF_PROJECT:-.}
title="Nightly collection"

# One source: collected, and committed if that says anything new. The change record that fits is named in the commit.
collect_source() {
    local folder=$1 site=$2 source=$3 files=() file oldest="" at stored record
    for file in "$folder"/*; do
        case $file in *.part | *.tmp) continue ;; esac
        [ -f "$file" ] && [ ! -L "$file" ] || continue
        files+=("$file")
        [ -z "$oldest" ] || [ "$file" -ot "$oldest" ] && oldest=$file
    done
    [ "${#files[@]}" -gt 0 ] || { say "$site/$source: no exports in the drop folder"; return 2; }
    at=$(date -u -r "$oldest" +%Y-%m-%dT%H:%M:%SZ) || return 2
    stored=$(sed -n 's/^collected_at: "\{0,1\}\([0-9TZ:-]*\).*/\1/p' "$project/evidence/$site/$source/custody.yaml" 2>/dev/null) || true
    if [[ $at < $stored ]]; then
        say "$site/$source: the exports are of $at, older than what is there: left alone"
        return 0
    fi
    plantproof collect -C "$project" --site "$site" --source "$source" --by "$bot" --at "$at" --quiet "${files[@]}" || return
    git add -A -- "$project/evidence/$site" || return 2
    ! git diff --cached --quiet || return 0
    record=$(plantproof approvals record -C "$project") || return
    git commit --quiet -m "Collect $site/$source of $at" ${record:+-m "Change: $record"} || return 2
}

# Everything: all that is wrong is told before anything stops.
collect_all() {
    local folder source code worst=0 many=0
    for folder in "$drop"/*/*/; do
        folder=${folder%/}
        [ -d "$folder" ] && [ ! -L "$folder" ] && [ ! -L "${folder%/*}" ] || continue
        many=$((many + 1))
        source=${folder##*/}
        code=0
        collect_source "$folder" "$(basename "$(dirname "$folder")")" "$source" || code=$?
        # Neither verb ends with 1, which is for what waits for review; Python does where it could not even start.
        [ "$code" -ne 1 ] || code=3
        [ "$code" -le "$worst" ] || worst=$code
    done
    [ "$many" -gt 0 ] || refuse "no exports at $drop/<site>/<source>/: nothing was collected"
    [ "$worst" -eq 0 ] || { say "nothing was pushed"; exit "$worst"; }
}

# The branch for review as it is on the forge: its commit, or nothing.
there() { git ls-remote --heads origin "refs/heads/$branch" | cut -f1; }

# Whether only the bot has committed to that branch: what a person added there is not overwritten.
only_ours() {
    local committers
    git fetch --quiet --no-tags origin "+refs/heads/$branch:refs/remotes/origin/$branch" || return 1
    # Not through a pipe: a reader that stops at the first match would make git fail, and a failure look like "nobody".
    committers=$(git log --format=%ce "origin/$main..origin/$branch") || return 1
    [ -z "$committers" ] || ! grep -vqxF "$email" <<<"$committers"
}

# Pushes HEAD for review and sees to it that a request is open.
put_up_for_review() {
    local old
    old=$(there) || refuse "cannot ask for $branch"
    if [ -n "$old" ] && ! only_ours; then
        say "somebody works on $branch: it stays as it is"
    elif [ -n "$old" ] && [ "$(git rev-parse "origin/$branch^{tree}")" = "$(git rev-parse "HEAD^{tree}")" ] &&
        git merge-base --is-ancestor "$start" "origin/$branch"; then
        say "the same waits in $branch already"
    else
        git push --quiet --force-with-lease="refs/heads/$branch:$old" origin "HEAD:refs/heads/$branch" ||
            refuse "cannot push $branch"
        say "pushed to $branch"
    fi
    if [ -n "${PLANTPROOF_OPEN_REQUEST:-}" ]; then
        "$PLANTPROOF_OPEN_REQUEST" "$branch" "$main" "$title" "$work/comment.md" || refuse "no request for merging was opened"
    elif [ -n "${PLANTPROOF_TOKEN:-}" ]; then
        python3 -I "$here/forge.py" request "$branch" "$main" "$title" "$work/comment.md" || refuse "no request for merging was opened"
    else
        say "no token: open a request for merging $branch by hand"
    fi
}

for _ in 1 2 3; do
    start=$(git rev-parse "origin/$main")
    git reset --quiet --hard "$start"
    git clean --quiet -ffdx
    collect_all
    if [ "$(git rev-parse HEAD)" = "$start" ]; then
        say "nothing new"
        exit 0
    fi
    code=0
    plantproof diff -C "$project" "$start" HEAD --fail-on "${PLANTPROOF_FAIL_ON:-opened,worse,unknown,level-lost}" \
        --format text --output - --format markdown --output "$work/comment.md" || code=$?
    [ "$code" -gt 1 ] || [ -f "$work/comment.md" ] || code=3
    [ "$code" -le 1 ] || { say "nothing was pushed"; exit "$code"; }
    if [ "$code" -eq 1 ]; then
        put_up_for_review
        exit 1
    fi
    if git push --quiet origin "HEAD:refs/heads/$main"; then
        say "not worse: merged into $main"
        old=$(there) || old=
        if [ -n "$old" ] && only_ours; then
            # What waited there is out of date: this collection has taken its place.
            git push --quiet --force-with-lease="refs/heads/$branch:$old" origin ":refs/heads/$branch" || say "$branch is still there"
        fi
        exit 0
    fi
    git fetch --quiet --no-tags origin "+refs/heads/$main:refs/remotes/origin/$main" || refuse "cannot fetch $main"
    if [ "$(git rev-parse "origin/$main")" = "$start" ]; then
        say "not worse, but the bot may not push to $main"
        put_up_for_review
        exit 0
    fi
    say "$main has moved: once more"
done
refuse "$main moves faster than this: nothing was pushed"
