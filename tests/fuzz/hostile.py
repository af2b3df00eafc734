"""Values nobody should send, and plausible ones beside them so that requests get further than the first check.

`ARITHMETIC` is what templates and SQL would make of the sums in the values: it must never come back.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

ARITHMETIC = str(7919 * 7907)
CANARY = "canary-b1946ac92492d234"
SUM = "7919*7907"

TEXTS = (
    "", " ", "0", "-1", "1e999", "NaN", "null", "undefined", "true", "[]", "{}", "[1", '{"a":', "a,b", "%", "_", "*", "\\", "'", '"', "`",
    "\x00", "a\x00b", "\r\nX-Evil: 1", "\ud7ff", "\u202e", "𝒳" * 3, "é" * 200, "x" * 5000, "ａ", "ﬁ", "İ",
    "' or '1'='1", "name' union select password from `__Auth` -- ", "1); drop table `tabUser`; -- ", f"sleep(0) or {SUM}",
    f"({SUM})", f"name, ({SUM}) as x", "name asc, (select 1)", "if(1=1, name, owner)", "`tabUser`.`name`", "tabUser.name; select 1",
    "concat(name, char(58))", "count(*)", "max(password)", "name/**/desc", "name desc limit 1 into outfile '/tmp/x'",
    f"{{{{ {SUM} }}}}", f"{{% print {SUM} %}}", f"${{{SUM}}}", f"#{{{SUM}}}", f"<%= {SUM} %>", "{0.__class__.__mro__}",
    "{{ ''.__class__ }}",
    f"{{{{ frappe.db.sql('select {SUM}') }}}}", "__import__('os').system('true')", "eval:1", "doc.__class__", "frappe.db",
    "../../../../etc/passwd", "..\\..\\x", "/etc/passwd", "/private/files/../../site_config.json", "file:///etc/passwd", "http://127.0.0.1:1/",
    "x.php\x00.png", "CON", ".", "..", "a/b", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
    "2026-02-30", "0000-00-00", "9999-12-31 23:59:59", "99:99:99", "2026-01-01T00:00:00Z", "1,234.5", "９",
)  # fmt: skip
SCALARS = (None, True, False, 0, -1, 1, 2**31, -(2**63), 2**64, 10**30, 0.1, -0.0, 1e308, -1e-308)
NESTED: tuple[Any, ...] = (
    [],
    {},
    [[]],
    [{}],
    [None],
    {"": ""},
    {"a": {"b": [1]}},
    [["name", "=", None]],
    [1, "x"],
    {"name": ["x"]},
)
OPERATORS = (
    "=",
    "!=",
    "like",
    "in",
    "not in",
    "between",
    "is",
    "descendants of",
    "timespan",
    "Timespan",
    "regexp",
    "or 1=1",
    "",
    None,
    5,
)
FIELDS = (
    "name",
    "owner",
    "modified",
    "docstatus",
    "title",
    "password",
    "api_secret",
    "*",
    "no_such_field",
    "idx",
    "parent",
)

texts = st.sampled_from(TEXTS) | st.text(max_size=20)
scalars = texts | st.sampled_from(SCALARS)
values = st.one_of(scalars, scalars, st.sampled_from(NESTED), st.lists(scalars, max_size=3))
fields = st.sampled_from(FIELDS) | texts
condition = st.lists(st.one_of(fields, st.sampled_from(OPERATORS), values), min_size=1, max_size=4)
filters = st.one_of(st.dictionaries(fields, values, max_size=2), st.lists(condition, max_size=2), values)


def argument(name: str, known: dict[str, list[Any]], random: Random) -> Any:
    """Give a value for an argument: often one that exists in this site under such a name, else a hostile one."""
    anything = (*TEXTS, *TEXTS, *SCALARS, *NESTED)
    if "filter" in name:
        parts = (*FIELDS, *OPERATORS, *anything)
        rows = [[random.choice(parts) for _part in range(random.randint(1, 4))] for _row in range(random.randint(0, 2))]
        return random.choice(
            [{random.choice((*FIELDS, *TEXTS)): random.choice(anything)}, rows, random.choice(anything)]
        )
    if name in ("fields", "fieldname", "field", "order_by", "group_by", "searchfield"):
        chosen = [random.choice((*FIELDS, *TEXTS)) for _field in range(random.randint(1, 3))]
        return random.choice([chosen, chosen[0]])
    plausible = next((known[key] for key in known if key in name.lower()), None)
    return random.choice(plausible if plausible and random.random() < 0.65 else anything)


def as_text(value: Any) -> str:
    """Give a value as a query string holds it."""
    return value if isinstance(value, str) else json.dumps(value)
