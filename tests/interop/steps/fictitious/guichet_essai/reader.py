"""Lines of JSON: {"ref": …, anything}. {"unreadable": why} and {"stop": why} do what a real reader does then."""

import json

from maillage.interop.sources.contract import Incomplete, Raw, Unreadable


def read(origin, since):
    for line in origin.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "unreadable" in record:
            raise Unreadable(record["unreadable"])
        if "stop" in record:
            raise Incomplete(record["stop"])
        if "crash" in record:
            raise RuntimeError(record["crash"])
        revision = record.get("revision", "")
        unchanged = revision and since.get(record["ref"]) == revision
        yield Raw(record["ref"], {} if unchanged else record, revision)
