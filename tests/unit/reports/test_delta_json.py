"""The delta as JSON: read again it is the same, and its schema is published."""

from __future__ import annotations

import json

import jsonschema
import msgspec
from tests.support.delta_example import example_delta, hostile_delta, quiet_delta, results

from plantproof.model.delta import Delta
from plantproof.model.formats import schema_of
from plantproof.reports.delta_json import report
from plantproof.reports.reporters import Options


def test_what_was_written_is_read_again_as_it_was() -> None:
    for delta in (example_delta(), quiet_delta(), hostile_delta()):
        assert msgspec.json.decode(report(results(delta), Options()), type=Delta) == delta


def test_it_is_what_its_schema_says() -> None:
    schema = jsonschema.Draft202012Validator(schema_of("delta"))
    data = json.loads(report(results(example_delta()), Options()))
    schema.validate(data)
    data["sites"][0]["gaps"][0]["status"] = "fine"
    assert [error.json_path for error in schema.iter_errors(data)] == ["$.sites[0].gaps[0].status"]
