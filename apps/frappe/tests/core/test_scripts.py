"""Server Scripts: when they run, what they are lent, and what they can't reach."""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(autouse=True)
def _scripts_run(site: Any) -> Iterator[None]:
    """Scripts run on this bench."""
    path = os.path.join(site.sites_path, "common_site_config.json")
    with open(path, encoding="utf-8") as file:
        before = file.read()
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**json.loads(before), "server_script_enabled": 1}, file)
    yield
    with open(path, "w", encoding="utf-8") as file:
        file.write(before)


@pytest.fixture
def run(frappe: Any) -> Callable[..., Any]:
    """Run a script and give what it left in `result`."""
    from frappe.utils.safe_exec import safe_exec

    def execute(script: str, **names: Any) -> Any:
        made = dict(names)
        safe_exec(script, None, made)
        return made.get("result")

    return execute


def make(frappe: Any, script: str, **values: Any) -> Any:
    return frappe.get_doc(
        {"doctype": "Server Script", "name": f"Script {frappe.generate_hash(length=6)}", "script": script, **values}
    ).insert()


def on(frappe: Any, event: str, script: str, doctype: str = "Note") -> Any:
    return make(frappe, script, script_type="DocType Event", reference_doctype=doctype, doctype_event=event)


def note(frappe: Any, title: str = "a", **values: Any) -> Any:
    return frappe.get_doc({"doctype": "Note", "title": title, **values})


# when they run


def test_a_script_changes_a_document_before_it_is_saved(frappe: Any) -> None:
    on(frappe, "Before Save", "doc.title = doc.title.upper() + '!'")
    assert note(frappe).insert().title == "A!"


def test_a_script_refuses_a_document(frappe: Any) -> None:
    on(frappe, "Before Insert", "if doc.title == 'bad': frappe.throw('no such title')")
    note(frappe, "good").insert()
    with pytest.raises(frappe.ValidationError, match="no such title"):
        note(frappe, "bad").insert()


@pytest.mark.parametrize(
    "event", ["After Insert", "After Save", "Before Delete", "After Delete", "Before Rename", "After Rename"]
)
def test_scripts_run_on_every_event(frappe: Any, event: str) -> None:
    on(
        frappe,
        event,
        "frappe.db.set_value('Note', 'watcher', 'title', 'seen')" if False else "frappe.log(doc.doctype)",
        "Gender",
    )
    gender = frappe.get_doc({"doctype": "Gender", "gender": "x"}).insert()
    frappe.rename_doc("Gender", "x", "y", force=True)
    frappe.delete_doc("Gender", "y")
    assert gender.doctype in frappe.local.debug_log


def test_a_script_that_was_switched_off_runs_no_longer(frappe: Any) -> None:
    script = on(frappe, "Before Save", "doc.title = 'changed'")
    script.disabled = 1
    script.save()
    assert note(frappe).insert().title == "a"


def test_a_script_answers_to_a_method(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    from frappe.core.doctype.server_script.server_script_utils import find_api_script

    make(
        frappe,
        "frappe.response['message'] = frappe.form_dict.word * 2",
        script_type="API",
        api_method="twice",
        allow_guest=0,
    )
    frappe.local.form_dict = frappe._dict(word="ha")
    answer = find_api_script("twice")
    assert answer is not None
    answer()
    assert frappe.local.response["message"] == "haha"
    with acting_as("Guest"), pytest.raises(frappe.PermissionError):
        answer()
    assert find_api_script("thrice") is None


def test_two_scripts_never_answer_to_one_method(frappe: Any) -> None:
    make(frappe, "x = 1", script_type="API", api_method="twice")
    with pytest.raises(frappe.ValidationError):
        make(frappe, "x = 1", script_type="API", api_method="twice")


def test_a_script_narrows_a_list(frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]) -> None:
    make_user("a@example.com", "System Manager")
    for title in ("mine", "yours"):
        note(frappe, title, public=1).insert()
    condition = "conditions = f\"title = 'mine' and {frappe.db.escape(user)} <> ''\""
    make(frappe, condition, script_type="Permission Query", reference_doctype="Note")
    with acting_as("a@example.com"):
        assert frappe.get_list("Note", pluck="title") == ["mine"]


def test_a_condition_that_reads_secrets_is_refused(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "System Manager")
    script = "conditions = \"exists (select 1 from __Auth where password like '$a%')\""
    make(frappe, script, script_type="Permission Query", reference_doctype="Note")
    with acting_as("a@example.com"), pytest.raises(frappe.PermissionError):
        frappe.get_list("Note")


def test_a_script_runs_at_set_times(frappe: Any) -> None:
    from frappe_engine.context.local import providers

    script = make(
        frappe, "frappe.log('ran')", script_type="Scheduler Event", event_frequency="Cron", cron_format="*/5 * * * *"
    )
    job = frappe.get_doc("Scheduled Job Type", {"server_script": script.name})
    assert (job.frequency, job.cron_format) == ("Cron", "*/5 * * * *")
    providers("run_scheduled_script", script.name)
    assert "ran" in frappe.local.debug_log
    script.delete()
    assert not frappe.db.exists("Scheduled Job Type", job.name)


@pytest.mark.parametrize(
    "values",
    [
        {"script": "import os"},
        {"script": "x ="},
        {"script": "x = 1", "script_type": "API", "api_method": "a b"},
        {"script": "x = 1", "script_type": "Scheduler Event", "event_frequency": "Cron", "cron_format": "never"},
        {"script": "x = 1", "script_type": "DocType Event"},
    ],
)
def test_scripts_that_can_not_run_are_refused(frappe: Any, values: dict[str, Any]) -> None:
    with pytest.raises(frappe.ValidationError):
        make(frappe, values.pop("script"), **values)


def test_scripts_run_only_where_the_bench_says_so(
    frappe: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from frappe.utils import safe_exec

    frappe.conf.server_script_enabled = 1  # a site can't say so
    monkeypatch.setattr(safe_exec, "is_safe_exec_enabled", lambda: False)
    with pytest.raises(safe_exec.ServerScriptNotEnabled):
        run("result = 1")


def test_system_managers_read_scripts_and_do_not_write_them(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "System Manager")
    with acting_as("a@example.com"), pytest.raises(frappe.PermissionError):
        make(frappe, "x = 1", script_type="API", api_method="twice")


# what they can do


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("result = sum(x * x for x in range(5))", 30),
        ("result = []\nfor word in 'b a c'.split():\n    result.append(word)\nresult.sort()", ["a", "b", "c"]),
        ("def twice(x):\n    return x * 2\nresult = twice(21)", 42),
        ("total = {'a': 1}\ntotal['a'] += 2\nresult = total", {"a": 3}),
        ("n = 0\nwhile n < 5:\n    n += 1\nresult = n", 5),
        ("try:\n    frappe.throw('x')\nexcept frappe.ValidationError as e:\n    result = str(e)", "x"),
        ("result = json.loads(json.dumps({'a': [1]}))", {"a": [1]}),
        ("a, b = (1, 2)\nresult = f'{a}-{b}'", "1-2"),
        ("result = frappe.utils.flt('1.5') + frappe.utils.cint('2')", 3.5),
        ("result = isinstance('x', str) and not isinstance(1, (str, list))", True),
        (
            "result = [frappe.utils.getdate('2026-01-31').month, frappe.utils.add_days('2026-01-31', 1)]",
            [1, "2026-02-01"],
        ),
        ("result = frappe.db.get_value('Country', 'China', 'code')", "cn"),
        ("result = frappe.db.sql('select count(*) from `tabRole` where name=%s', 'All')[0][0]", 1),
        (
            "r = frappe.qb.DocType('Role')\nresult = frappe.qb.from_(r).select(r.name).where(r.name == 'All').run()[0][0]",
            "All",
        ),
        ("result = frappe.get_meta('Note').get_field('title').fieldtype", "Data"),
        ("result = frappe.session.user + ' ' + frappe.user", "Administrator Administrator"),
        ("result = sorted({3, 1, 2}, key=lambda x: -x)", [3, 2, 1]),
        ("result = max([1, 5, 3]) + min(2, 4) + len('abc') + abs(-1)", 11),
        ("class_name = 'x'\nresult = 'a' if class_name else 'b'", "a"),
    ],
)
def test_scripts_do_ordinary_things(run: Callable[..., Any], script: str, wanted: Any) -> None:
    assert run(script) == wanted


def test_scripts_work_with_documents(frappe: Any, run: Callable[..., Any]) -> None:
    script = """
doc = frappe.get_doc({"doctype": "Note", "title": "from a script"})
doc.insert(ignore_permissions=True)
doc.title = doc.title + "!"
doc.append("seen_by", {"user": "Administrator"})
doc.flags.ignore_version = True
doc.save()
result = [doc.title, len(doc.seen_by), doc.get("public"), doc.is_new()]
"""
    assert run(script) == ["from a script!", 1, 0, False]


def test_what_scripts_print_is_shown_to_developers(frappe: Any, run: Callable[..., Any]) -> None:
    run("print('a', 1)\nlog('b')")
    assert frappe.local.debug_log[-2:] == ["a 1", "b"]


# what they can't


ESCAPES = """
().__class__
''.__class__.__mro__
(lambda: 0).__globals__
(lambda: 0).__code__
frappe.get_doc.__globals__
frappe.get_doc.__wrapped__
frappe.utils.__dict__
getattr(frappe, '__dict__')
getattr((), '_' + '_class_' + '_')
'{0.__class__}'.format(1)
'{x}'.format_map({'x': 1})
open('/etc/passwd')
eval('1')
exec('1')
compile('1', '', 'eval')
__import__('os')
globals()
locals()
vars()
dir(frappe)
type(frappe)
input()
breakpoint()
frappe.local
frappe.conf
frappe.cache
frappe.get_site_config()
frappe.get_attr('os.system')('true')
frappe.call('os.system', command='true')
frappe.call('frappe.utils.execute_in_shell', cmd='true')
frappe.enqueue('os.system', command='true', now=True)
frappe.get_module('os')
frappe.db.connection
frappe.db.raw
frappe.db.execute('select 1')
frappe.db.write('delete from tabNote')
frappe.db.delete('Note')
frappe.db.truncate('Note')
frappe.db.sql('delete from `tabNote`')
frappe.db.sql('select * from __Auth')
frappe.db.sql('select * from `tabSessions`')
frappe.db.sql('select load_file("/etc/passwd")')
frappe.db.sql('select 1; drop table `tabNote`')
frappe.db.sql('update tabUser set enabled=0')
frappe.db.sql_ddl('drop table `tabNote`')
frappe.db.get_value('__Auth', {'name': 'Administrator'}, 'password')
frappe.get_all('OAuth Bearer Token', fields=['access_token'])
frappe.get_all('User', fields=['(select password from __Auth limit 1) as p'])
frappe.get_all('User', filters='1=1) union select password from __Auth -- ')
frappe.get_all('User', order_by='(select password from __Auth limit 1)')
frappe.get_all('User', group_by='sleep(5)')
frappe.get_doc('User', 'Administrator').get_password('api_secret')
frappe.get_doc('User', 'Administrator').get('get_password')('api_secret')
frappe.get_doc('User', 'Administrator').run_method('get_password', 'api_secret')
frappe.get_doc('User', 'Administrator').run_method('run_method', 'get_password')
frappe.get_doc('User', 'Administrator').reset_password()
frappe.get_doc('User', 'Administrator').queue_action('save')
frappe.get_doc('User', 'Administrator').__dict__
getattr(frappe.get_doc('User', 'Administrator'), 'get_pass' + 'word')('api_secret')
frappe.get_meta('Note').by_name.clear()
frappe.get_meta('Note').get_field('title').update({'reqd': 0})
frappe.qb.DocType('Note').__class__
frappe.qb.from_('__Auth').select('password').run()
frappe.qb.from_('tabNote').delete().run()
frappe.qb.from_('tabNote').select('name').into('x').run()
frappe.update({'x': 1})
frappe.pop('db')
json.clear()
frappe.utils.execute_in_shell('true')
frappe.utils.get_site_path()
frappe.request.headers.__class__
frappe.throw.__self__
frappe.ValidationError.__subclasses__()
[x for x in ().__class__.__base__.__subclasses__()]
(x for x in [1]).gi_frame
""".strip().splitlines()


@pytest.mark.parametrize("attempt", ESCAPES)
def test_scripts_do_not_get_out(frappe: Any, run: Callable[..., Any], attempt: str) -> None:
    found = None
    with contextlib.suppress(Exception):  # every refusal is one
        found = run(f"result = {attempt}")
    assert found in (None, [])
    assert frappe.db.exists("User", "Administrator")


STATEMENTS = [
    "import os",
    "from os import system",
    "class A: pass",
    "frappe.db = None",
    "frappe.utils.flt = None",
    "del frappe.db",
    "json.loads = len",
    "doc = frappe.get_doc('Note', 'x')\ndoc.save = None",
    "doc = frappe.new_doc('Note')\ndoc.validate = lambda: None",
    "doc = frappe.new_doc('Note')\ndoc.doctype = 'User'",
    "m = frappe.get_meta('Note')\nm.title_field = 'x'",
    "m = frappe.get_meta('Note').get_field('title')\nm.reqd = 0",
    "with open('x') as f: pass",
    "global x\nx = 1\n__builtins__ = {}",
    "_x = 1",
    "async def f(): pass",
    "def f(): yield 1",
    "x: int = (y := 1)",
    "raise SystemExit",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_scripts_do_not_change_what_they_are_lent(frappe: Any, run: Callable[..., Any], statement: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011
        run(statement)
    assert frappe.get_meta("Note").get_field("title").reqd == 1


ENDLESS = [
    "while True: pass",
    "while True:\n    try:\n        while True: pass\n    except Exception: pass",
    "def f(): f()\nf()",
    "def f():\n    try:\n        f()\n    except Exception: f()\nf()",
    "x = [1]\nfor y in x: x.append(1)",
    "x = 'a'\nwhile True: x = x + x",
    "x = [0] * 10**9",
    "x = 10**10**10",
    "x = 'a' * 10**10",
    "list(range(10**9))",
    "x = [1]\nwhile True: x.extend(x)",
    "x = 1\nwhile True: x *= 99999",
    "sum(1 for a in range(10000) for b in range(10000))",
    "sorted([[i] * 100 for i in range(100000)], key=str)",
]


@pytest.mark.parametrize("script", ENDLESS)
def test_scripts_end(frappe: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setitem(frappe.conf, "server_script_max_seconds", 4)
    started = time.monotonic()
    with pytest.raises(Exception):  # noqa: B017, PT011
        run(script)
    assert time.monotonic() - started < 15


def test_scripts_stop_when_their_time_is_up(frappe: Any, run: Callable[..., Any]) -> None:
    from frappe_engine.expressions.errors import ExpressionTooExpensive

    frappe.conf.server_script_max_seconds = 0.2
    with pytest.raises(ExpressionTooExpensive):
        run("n = 0\nwhile True: n += 1")
    frappe.conf.server_script_max_seconds = None


GUARDED = [
    "doc = frappe.get_doc('User', 'a@example.com')\ndoc.append('roles', {'role': 'System Manager'})\n"
    "doc.flags.ignore_permissions = True\ndoc.save()",
    "frappe.get_doc('User', 'a@example.com').add_roles('System Manager')",
    "frappe.get_doc({'doctype': 'Has Role', 'parent': 'a@example.com', 'role': 'System Manager'}).insert(ignore_permissions=True)",
    "frappe.db.set_value('User', 'Administrator', 'enabled', 0)",
    "frappe.db.set_value('System Settings', None, 'enable_password_policy', 0)",
    "frappe.delete_doc('Role', 'Translator', ignore_permissions=True)",
    "frappe.get_doc('User', 'a@example.com').run_method('add_roles', 'System Manager')",
    "frappe.get_doc('User', 'a@example.com').run_method('save')",
    "frappe.get_doc('User', 'a@example.com').db_set('enabled', 0)",
]


@pytest.mark.parametrize("script", GUARDED)
def test_scripts_give_nobody_more_rights(
    frappe: Any, run: Callable[..., Any], make_user: Callable[..., Any], acting_as: Callable[[str], Any], script: str
) -> None:
    make_user("a@example.com", "Report Manager")
    with acting_as("a@example.com"), pytest.raises(frappe.PermissionError):
        run(script)
    assert "System Manager" not in frappe.get_roles("a@example.com")


@pytest.mark.parametrize(
    "script",
    [
        "frappe.get_doc({'doctype': 'Version', 'ref_doctype': 'Note', 'docname': 'x', 'data': '{}'}).db_insert()",
        "frappe.db.set_value('Activity Log', {'name': ['!=', '']}, 'subject', 'nothing happened')",
        "frappe.delete_doc('Deleted Document', 'x')",
    ],
)
def test_scripts_leave_records_alone(frappe: Any, run: Callable[..., Any], script: str) -> None:
    with pytest.raises(frappe.PermissionError):
        run(script)


def test_scripts_on_events_do_not_end_the_transaction(frappe: Any) -> None:
    on(frappe, "Before Save", "frappe.db.commit()")
    with pytest.raises(AttributeError):
        note(frappe).insert()


# any text at all

ATOMS = st.sampled_from(
    [
        "frappe",
        "doc",
        "x",
        "1",
        "''",
        "[]",
        "{}",
        "()",
        "json",
        "frappe.db",
        "frappe.utils",
        "frappe.get_doc",
        "lambda: x",
        "_",
        "log",
    ]
)
NAMES = st.sampled_from(
    ["__class__", "__globals__", "mro", "format", "get", "db", "local", "utils", "sql", "get_password", "meta", "flags", "run_method",
     "gi_frame", "f_back", "tb_frame", "update", "clear", "append", "as_dict", "name", "func_globals", "connection", "conf"]
)  # fmt: skip
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({}).{}".format, inner, NAMES),
        st.builds("({})({})".format, inner, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({}) + ({})".format, inner, inner),
        st.builds("getattr({}, '{}')".format, inner, NAMES),
        st.builds("[{} for x in {}]".format, inner, inner),
    ),
    max_leaves=6,
)
TEMPLATES = st.sampled_from(
    [
        "result = {}",
        "{}",
        "for x in {}: pass",
        "x = {}\nx.y = 1",
        "try:\n    {}\nexcept Exception as x: result = x.args",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(expression=EXPRESSIONS, template=TEMPLATES)
def test_no_text_leads_to_code(frappe: Any, run: Callable[..., Any], expression: str, template: str) -> None:
    from types import CodeType, FrameType, ModuleType

    document = frappe.new_doc("Note")
    try:
        result = run(template.format(expression), doc=document)
    except Exception:  # noqa: BLE001 - a refusal of any kind will do
        return
    assert not isinstance(result, (ModuleType, FrameType, CodeType, type))
    assert result is not frappe.local.conf
    assert callable(document.save)


def script_report(frappe: Any, script: str, **values: Any) -> Any:
    return frappe.get_doc(
        {
            "doctype": "Report",
            "report_name": f"Report {frappe.generate_hash(length=6)}",
            "report_type": "Script Report",
            "is_standard": "No",
            "ref_doctype": "Note",
            "report_script": script,
            "roles": [{"role": "System Manager"}],
            **values,
        }
    ).insert()


def test_a_report_kept_on_the_site_runs_its_script(frappe: Any) -> None:
    columns = [{"label": "Title", "fieldname": "title", "fieldtype": "Data", "width": 200}]
    script = "result = [{'title': filters.get('wanted')}]"
    report = script_report(frappe, script, columns=columns)
    found, rows = report.get_data(filters={"wanted": "abc"}, as_dict=True)
    assert [column.fieldname for column in found] == ["title"]
    assert [row.title for row in rows] == ["abc"]


def test_a_script_of_a_report_gives_all_its_parts(frappe: Any) -> None:
    from frappe.desk.query_report import run as run_report

    report = script_report(frappe, "data = [['Name:Data:100'], [['x'], ['y']], 'two rows']")
    answer = run_report(report.name, {})
    assert ([row["name"] for row in answer["result"]], answer["message"]) == (["x", "y"], "two rows")


@pytest.mark.parametrize("code", [{"report_script": "x = 1"}, {"report_type": "Query Report", "query": "select 1"}])
def test_code_of_a_report_is_written_by_script_managers(
    frappe: Any, make_user: Any, acting_as: Any, code: dict[str, str]
) -> None:
    make_user("reporter@example.com", "Report Manager", "System Manager")
    with acting_as("reporter@example.com"), pytest.raises(frappe.PermissionError):
        script_report(frappe, **{"script": "", **code})
    make_user("coder@example.com", "System Manager", "Script Manager")
    with acting_as("coder@example.com"):
        assert script_report(frappe, **{"script": "", **code}).name
