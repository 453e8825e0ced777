"""The modules that an OPA server is given: everything under one prefix, nothing else touched."""

from __future__ import annotations

from plantproof.policies.driver import prefixed


def test_package_and_data_are_moved_and_nothing_else() -> None:
    source = (
        "# data.params is given\npackage policies.a.b\n\nimport data.lib.words\n\n"
        'x := data.params.limit\ny := input.data\nz := "data.params \\" data.x"\nw := `data.x`\ndatas := data["lib"]\n'
    )
    assert prefixed(source, "p1") == (
        "# data.params is given\npackage p1.policies.a.b\n\nimport data.p1.lib.words\n\n"
        'x := data.p1.params.limit\ny := input.data\nz := "data.params \\" data.x"\nw := `data.x`\n'
        'datas := data.p1["lib"]\n'
    )
