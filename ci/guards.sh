#!/usr/bin/env bash
# What the other scripts source: guards against what a change brings along. By itself it does nothing.
set -Eeuo pipefail

# own_place WHO NAME PATH: ends with 2 where a commit has a say about what lies at PATH: where PATH, or a folder on the
# way to it, is a symbolic link of the checkout, or git tracks anything at it or below it.
own_place() {
    local rest=$3 top real="" part tracked nearest why=""
    top=$(git rev-parse --show-toplevel)
    top=$(cd "$top" && pwd -P)
    # Step by step, as the system does: after a link, `..` is somewhere else.
    [ "${rest:0:1}" = / ] || real=$(pwd -P)
    while [ -n "$rest" ] && [ -z "$why" ]; do
        part=${rest%%/*}
        rest=${rest#"$part"}
        rest=${rest#/}
        case $part in
            "" | .) continue ;;
            ..) real=${real%/*} ;;
            *) real=${real%/}/$part ;;
        esac
        [ -L "$real" ] || continue
        case $real in
            "$top"/*) why="${real#"$top"/} is a symbolic link" ;;
            *) [ ! -d "$real" ] || real=$(cd "$real" && pwd -P) ;;
        esac
    done
    case $real in "$top" | "$top"/*) ;; *) return 0 ;; esac
    if [ -z "$why" ]; then
        real=${real#"$top"}
        # Capitals or not: some file systems see no difference.
        tracked=$(git ls-files -- ":(top,literal,icase)${real#/}")
        [ -z "$tracked" ] || why="git tracks what lies there"
        nearest=$top$real
        until [ -d "$nearest" ]; do nearest=${nearest%/*}; done
        nearest=$(cd "$nearest" && git rev-parse --show-toplevel)
        nearest=$(cd "$nearest" && pwd -P)
        [ -n "$why" ] || [ "$nearest" = "$top" ] || why="it lies in another repository within the checkout"
    fi
    [ -n "$why" ] || return 0
    printf '%s: %s is %q, and %s: a commit could decide what is read or written there; nothing was. %s\n' \
        "$1" "$2" "$3" "$why" "Take it out of the branch, or name another place" >&2
    exit 2
}

# own_cache WHO: the same for the folder of the cache, where this job has one.
own_cache() {
    [ "${PLANTPROOF_CACHE:-}" = on ] || return 0
    own_place "$1" "the cache" "${PLANTPROOF_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/plantproof}"
}

# From take_no_commands to take_commands, a runner that takes some printed lines for commands takes none: what is printed
# may quote evidence. The word that ends it cannot be guessed.
word=
take_no_commands() {
    [ "${GITHUB_ACTIONS:-}" = true ] || return 0
    word=$(python3 -I -c 'import secrets; print(secrets.token_hex(16))')
    echo "::stop-commands::$word"
    # One stream: of two, the runner may read the word before what was printed ahead of it.
    exec 3>&2 2>&1
}
take_commands() {
    [ -n "$word" ] || return 0
    echo "::$word::"
    word=
    exec 2>&3 3>&-
}
