"""Words that collectors write and policies read: setting keys, roles, collectors."""

from __future__ import annotations

from plantproof.evidence.collectors import BUILT_IN
from plantproof.evidence.formats import collector
from plantproof.model.roles import ALIASES, BROADER, chain
from plantproof.model.settings import SETTING_KEYS
from reference.markdown import code, codes, page, prose, table


def setting_keys_page() -> str:
    rows = ((code(key), entry.type, entry.meaning) for key, entry in SETTING_KEYS.items())
    return page(
        "Setting keys",
        prose(
            "One meaning, one key, whatever the vendor. Collectors write `setting` records with these keys, policies "
            "join them. The table is `src/plantproof/model/settings.py`; a new key is one row."
        ),
        table(["key", "type", "meaning"], rows),
    )


def roles_page() -> str:
    words: dict[str, list[str]] = {}
    for alias, role in ALIASES.items():
        words.setdefault(role, []).append(alias)
    rows = ((code(role), codes(chain(role)[1:]), codes(sorted(words.get(role, [])))) for role in sorted(BROADER))
    return page(
        "Roles",
        prose(
            "What an asset is for. Roles are broader and narrower: a policy for `server` is for a `historian` too, and "
            "a source that says `server` does not contradict one that says `historian`. A word that is not listed "
            "stays as the source wrote it, in lower case with hyphens."
        ),
        prose(
            "What is called by a broader word, or by one that is not listed, may be what a policy is for, and may not: "
            "nothing is known of it then, and the report says by which word. Let the source say it with a word of this "
            "list, or have the word added: the tables are in `src/plantproof/model/roles.py`."
        ),
        table(["role", "broader", "other words for it"], rows),
    )


def collectors_page() -> str:
    rows = []
    for name in sorted(BUILT_IN):
        module = collector(name)
        rows.append(
            (code(name), module.TITLE, codes(module.KINDS), code(module.METHOD), code(BUILT_IN[name].split(".", 1)[1]))
        )
    return page(
        "Collectors",
        prose(
            "What `plantproof collect` reads; `plantproof collect --list` prints the same. The format is recognised by "
            "content, and `--format` names it where that does not decide. How to export from each tool stands in "
            "[collect from tools](../how-to/collect.md)."
        ),
        table(["format", "export", "kinds of record", "method", "module"], rows),
        prose(
            "`method` is how the facts are known unless a record or the source's `method:` in plantproof.yaml says "
            "otherwise. Installed packages may add formats through the entry point group `plantproof.collectors`; none "
            "replaces one of these."
        ),
    )
