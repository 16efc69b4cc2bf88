"""Cases for the harness: those whose id ends with `-passes` are right about flowrun, the others are wrong."""

import gzip
from base64 import b64encode
from typing import Any

Case = dict[str, Any]


def exchange(respond: Case | None = None, **request: Any) -> Case:
    return {"expect_request": request, "respond": {"status": 200, "reason": "OK", **(respond or {})}}


def update(case_id: str, **case: Any) -> Case:
    return {"id": case_id, "processor": "UpdateAttribute", "properties": {"x": "1"}, "inputs": [{}], **case}


def put(case_id: str, **case: Any) -> Case:
    given = {"Directory": "{dir}/out", "Permissions": "640", "Last Modified Time": "2020-01-02T03:04:05+0000"}
    return {
        "id": case_id,
        "processor": "PutFile",
        "properties": given,
        "inputs": [{"attributes": {"filename": "f"}, "content": "c"}],
        "expect": {"success": [{"content": "c"}]},
        **case,
    }


def ask(case_id: str, *server: Case, **case: Any) -> Case:
    properties = {"HTTP URL": "{base_url}/", **case.pop("properties", {})}
    return {
        "id": case_id,
        "processor": "InvokeHTTP",
        "properties": properties,
        "server": list(server),
        "inputs": [{"content": "body"}],
        "expect": {"Original": [{}], "Response": [{"attributes": {"invokehttp.status.code": "200"}}]},
        **case,
    }


EXPRESSIONS = [
    {"id": "el-passes", "group": "one", "expression": "${a}", "attributes": {"a": "x"}, "expect": "x"},
    {"id": "el-é[x]-passes", "group": "one", "expression": "${a}", "attributes": {"a": "x"}, "expect_regex": "^x$"},
    {"id": "el-value-fails", "group": "one", "expression": "${a}", "attributes": {"a": "x"}, "expect": "y"},
    {"id": "el-regex-fails", "group": "one", "expression": "${a}", "attributes": {"a": "x"}, "expect_regex": "y"},
    {"id": "el-syntax-passes", "group": "two", "expression": "${a:nope()}", "expect_error": "syntax"},
    {"id": "el-late-fails", "expression": "${a:toDate('yyyy')}", "attributes": {"a": "x"}, "expect_error": "syntax"},
    {"id": "el-early-fails", "group": "two", "expression": "${a:nope()}", "expect_error": "evaluation"},
    {"id": "el-state-passes", "expression": "${getStateValue('k')}", "state": {"k": "v"}, "expect": "v"},
    {"id": "el-zone-passes", "expression": "${literal(0):format('H')}", "timezone": "Asia/Tokyo", "expect": "9"},
    {
        "id": "el-parameter-passes",
        "expression": "#{p}${#{s}}",
        "parameters": {"p": "v", "s": "t"},
        "sensitive_parameters": ["s"],
        "expect": "v",
    },
]

NOT_A_DATE = {"x": "${d:toDate('yyyy')}"}
TWO_FLOWFILES = [{"attributes": {"n": "1"}}, {"attributes": {"n": "2"}}]
FLOWFILES = [
    update("attribute-passes", expect={"success": [{"attributes": {"x": "1"}, "absent_attributes": ["y"]}]}),
    update("attribute-fails", expect={"success": [{"attributes": {"x": "2"}}]}),
    update("absent-fails", expect={"success": [{"absent_attributes": ["x"]}]}),
    update("present-fails", expect={"success": [{"present_attributes": ["y"]}]}),
    update("match-passes", expect={"success": [{"attributes_match": {"uuid": "^[0-9a-f-]{36}$"}}]}),
    update("match-of-a-missing-one-fails", expect={"success": [{"attributes_match": {"y": ".*"}}]}),
    update("penalized-fails", expect={"success": [{"penalized": True}]}),
    update("nothing-expected-fails", expect={}),
    update("unknown-relationship-fails", expect={"success": [{}], "failure": [{}]}),
    update("unknown-and-empty-relationship-passes", expect={"success": [{}], "failure": []}),
    update("counts-passes", expect_counts={"success": 1, "failure": 0}),
    update("counts-fails", expect_counts={"success": 2}),
    update("content-fails", inputs=[{"content": "a"}], expect={"success": [{"content": "b"}]}),
    update(
        "contents-passes",
        inputs=[{"content_repeat": {"text": "é", "times": 3}}, {"content_base64": "AP8="}],
        expect={"success": [{"content": "ééé"}, {"content_base64": "AP8="}]},
    ),
    update(
        "unordered-passes",
        unordered=True,
        inputs=TWO_FLOWFILES,
        expect={"success": [{"attributes": {"x": "1"}}, {"attributes": {"n": "1"}}]},
    ),
    update(
        "unordered-fails",
        unordered=True,
        inputs=TWO_FLOWFILES,
        expect={"success": [{"attributes": {"n": "1"}}, {"attributes": {"n": "1"}}]},
    ),
    update("resembling-a-property-passes", properties={"store state": "s"}, expect={"success": [{}]}),
    update(
        "places-passes",
        properties={"p": "{dir}/${d}"},
        inputs=[{"attributes": {"d": "{dir}"}}],
        expect={"success": [{"attributes": {"d": "{dir}", "p": "{dir}/{dir}"}}]},
    ),
    update("no-trigger-passes", triggers=0, expect={}),
    update("relationships-passes", validate_only=True, expect_relationships=["success"]),
    update("relationships-fails", validate_only=True, expect_relationships=["failure", "success"]),
    update("invalid-passes", properties={"x": "${nope()}"}, expect_invalid=True),
    update("invalid-fails", expect_invalid=True),
    update("refused-fails", properties={"x": "${nope()}"}, expect={"success": [{}]}),
    update(
        "state-passes",
        properties={
            "Store State": "Store state locally",
            "Stateful Variables Initial Value": "",
            "k": "${getStateValue('k')}b",
        },
        state_before={"k": "a"},
        expect={"success": [{"attributes": {"k": "ab"}}]},
        state_after={"k": "ab"},
    ),
    update("state-fails", expect={"success": [{}]}, state_after={"k": "v"}),
    update(
        "rules-passes",
        properties={},
        rules={
            "flowfile_policy": "use original",
            "rules": [
                {"name": "r", "conditions": ["${x:isNull()}"], "actions": [{"attribute": "x", "value": "{dir}"}]},
            ],
        },
        expect={"success": [{"attributes": {"x": "{dir}", "UpdateAttribute.matchedRule": "r"}}]},
    ),
    update(
        "error-passes",
        properties=NOT_A_DATE,
        inputs=[{"attributes": {"d": "x"}}, {"attributes": {"d": "y"}}],
        expect={"success": []},
        expect_error=True,
    ),
    update(
        "error-beside-success-passes",
        properties=NOT_A_DATE,
        inputs=[{"attributes": {"d": "x"}}, {"attributes": {"d": "2026"}}],
        expect={"success": [{"attributes": {"d": "2026"}}]},
        expect_error=True,
    ),
    update("no-error-fails", expect={"success": [{}]}, expect_error=True),
    update("error-fails", properties=NOT_A_DATE, inputs=[{"attributes": {"d": "x"}}], expect={}),
]

FILES = [
    put(
        "files-passes",
        files_after={"out/f": "c"},
        dirs_after=["out"],
        modes_after={"out/f": "rw-r-----", "out": "750"},
        mtime_after={"out/f": "2020-01-02T03:04:05Z"},
    ),
    put("naive-time-passes", mtime_after={"out/f": "2020-01-02T03:04:05"}),
    put("time-fails", mtime_after={"out/f": "2020-01-02T03:04:06Z"}),
    put("mode-fails", modes_after={"out/f": "rw-r--r--"}),
    put("directory-fails", dirs_after=[]),
    put("file-fails", files_after={}),
    put("file-content-fails", files_after={"out/f": "d"}),
    {
        "id": "files-before-passes",
        "processor": "GetFile",
        "properties": {"Input Directory": "{dir}/in", "Maximum File Age": "1 hour", "Keep Source File": "true"},
        "dirs_before": ["in/empty"],
        "files_before": {"in/b": {"base64": "AP8="}, "in/r": {"repeat": "ab", "times": 2}, "in/old": "old"},
        "files_age_seconds": {"in/old": 7200},
        "unordered": True,
        "expect": {"success": [{"content": "abab"}, {"content_base64": "AP8="}]},
        "files_after": {"in/b": {"base64": "AP8="}, "in/r": "abab", "in/old": "old"},
        "dirs_after": ["in", "in/empty"],
        "expect_yield": False,
    },
    {
        "id": "yield-fails",
        "processor": "GetFile",
        "properties": {"Input Directory": "{dir}/in"},
        "files_before": {"in/a": "a"},
        "expect": {"success": [{"content": "a"}]},
        "expect_yield": True,
    },
]

POST = {"HTTP Method": "POST"}
REQUESTS = [
    ask("request-passes", exchange(method="GET", path="/", headers={"USER-AGENT": ""}, absent_headers=["X"], body="")),
    ask("method-fails", exchange(method="PUT")),
    ask("path-fails", exchange(path="/x")),
    ask("two-slashes-passes", exchange(path="//x"), properties={"HTTP URL": "{base_url}//x"}),
    ask("header-fails", exchange(headers={"User-Agent": "me"})),
    ask("absent-header-fails", exchange(absent_headers=["User-Agent"])),
    ask("header-match-passes", exchange(headers_match={"Date": "GMT$"})),
    ask("header-match-fails", exchange(headers_match={"Date": "CET$"})),
    ask("body-passes", exchange(body="body", body_contains=["od"], body_excludes=["x"]), properties=POST),
    ask("body-fails", exchange(body="other"), properties=POST),
    ask("body-contains-fails", exchange(body_contains=["x"]), properties=POST),
    ask("body-excludes-fails", exchange(body_excludes=["od"]), properties=POST),
    ask("body-bytes-fails", exchange(body_base64="AP8="), properties=POST),
    ask("gunzipped-passes", exchange(body_gunzipped="body"), properties={**POST, "Request Content-Encoding": "GZIP"}),
    ask("gunzipped-fails", exchange(body_gunzipped="body"), properties=POST),
    ask("unused-exchange-fails", exchange(), exchange()),
    ask("request-beyond-fails", exchange({"status": 302, "headers": {"Location": "/n"}})),
    ask("no-request-fails"),
    ask(
        "repeated-passes",
        exchange(),
        repeat_last_response=True,
        inputs=[{}, {}],
        expect_counts={"Original": 2, "Response": 2},
    ),
    ask(
        "dropped-passes",
        {"expect_request": {}, "respond": {"close": True}},
        expect={"Failure": [{"present_attributes": ["invokehttp.java.exception.class"], "penalized": True}]},
    ),
    ask(
        "closed-passes",
        properties={"HTTP URL": "{closed_url}/"},
        expect={"Failure": [{"attributes": {"invokehttp.java.exception.class": "java.net.ConnectException"}}]},
    ),
    ask("slow-passes", exchange({"delay_ms": 50, "body": "late"}), expect_counts={"Original": 1, "Response": 1}),
    ask(
        "answer-passes",
        exchange({"headers": {"X-Many": ["1", "2"], "X-Place": "{base_url}"}, "body": "é"}),
        expect={
            "Original": [{"content": "body"}],
            "Response": [{"attributes": {"X-Many": "1, 2", "X-Place": "{base_url}"}, "content": "é"}],
        },
    ),
    ask(
        "bytes-passes",
        exchange({"headers": {"Content-Encoding": "gzip"}, "body_base64": b64encode(gzip.compress(b"zip")).decode()}),
        expect={"Original": [{}], "Response": [{"content": "zip", "absent_attributes": ["Content-Length"]}]},
    ),
    ask(
        "no-content-passes",
        exchange({"status": 204}),
        expect={"Original": [{}], "Response": [{"content": "", "absent_attributes": ["Content-Length"]}]},
    ),
    ask("source-passes", exchange({"body": "r"}), inputs=[], expect={"Response": [{"content": "r"}]}),
    ask("connected-passes", inputs=[], has_input_connection=True, expect={}),
]
