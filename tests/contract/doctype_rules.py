"""What every DocType of every app keeps to.

A rule takes a DocType and the bench, and yields one sentence for each breach: what is wrong and where.
`RULES` holds them by name; a new rule needs a counterexample in `test_doctype_rules.py`.
"""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from doctype_files import LAYOUT_FIELDS, NO_VALUE_FIELDS, STANDARD_FIELDS, TABLE_FIELDS, Bench, DocTypeFile, scrub

try:
    from frappe_engine.expressions import check_syntax
except ImportError:  # the engine's parser is not there: only the form of an expression is looked at
    check_syntax = None

Rule = Callable[[DocTypeFile, Bench], Iterator[str]]
RULES: dict[str, Rule] = {}

RESERVED_NAMES = STANDARD_FIELDS | {"doctype", "flags", "meta", "file_list"}
# Rules of a site are looked up by the DocType they belong to, under the name that rows of DocPerm have.
RESERVED_NAME_EXCEPTIONS = {("Custom DocPerm", "parent")}
LEGAL_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
EXPRESSION_KEYS = ("depends_on", "mandatory_depends_on", "read_only_depends_on", "collapsible_depends_on")
CHOICE_FIELDS = ("Link", "Dynamic Link")
LONG_FIELDS = frozenset(
    {"Text", "Small Text", "Long Text", "Text Editor", "HTML Editor", "Markdown Editor", "Code", "JSON"}
    | {"Signature", "Geolocation", "Table", "Table MultiSelect", "HTML", "Button", "Attach", "Attach Image"}
)
NUMBER_FIELDS = frozenset(
    ["Int", "Check", "Float", "Currency", "Percent", "Rating", "Duration", "Date", "Datetime", "Time"]
)
# MariaDB refuses a row of more bytes than this; utf8mb4 needs four for a character.
ROW_BYTES_MAX = 65_535
CHARACTER_BYTES = 4
DEFAULT_LENGTH = 140
FORMAT_TOKENS = frozenset(["YYYY", "YY", "MM", "DD", "WW", "JJJ", "timestamp", "FY"])
METADATA_KEYS = STANDARD_FIELDS | {"doctype", "field_order", "__islocal", "__unsaved", "__newname"}


def rule(function: Rule) -> Rule:
    """Add a rule to `RULES` under its name."""
    RULES[function.__name__] = function
    return function


def select_options(row: dict[str, Any]) -> list[str]:
    """Return the choices of a Select field."""
    return str(row.get("options") or "").split("\n")


@rule
def identity_is_consistent(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Name, module, folder and file say the same."""
    doctype = file.doctype
    if doctype.get("doctype") != "DocType":
        yield f'"doctype" is {doctype.get("doctype")!r}; a DocType file says "DocType"'
    if file.path.stem != scrub(file.name):
        yield f"the folder is {file.path.stem!r}; {file.name!r} belongs in {scrub(file.name)!r}"
    module = str(doctype.get("module"))
    if module not in bench.modules.get(file.app, []):
        yield f"module {module!r} is not in modules.txt of {file.app}"
    if file.path.parts[-4] != scrub(module):
        yield f"it lies in module folder {file.path.parts[-4]!r}; module {module!r} has {scrub(module)!r}"


@rule
def keys_are_sorted(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Keys stand in the order in which the desk exports them, so that a saved DocType makes a small diff."""
    rows = [("the DocType", file.doctype)]
    rows += [(f"field {row.get('fieldname')}", row) for row in file.doctype.get("fields", [])]
    rows += [(f"permission of {row.get('role')}", row) for row in file.doctype.get("permissions", [])]
    for where, row in rows:
        if list(row) != sorted(row):
            yield f"the keys of {where} are not sorted"


@rule
def field_order_matches(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """`field_order` lists the fields as they stand."""
    names = [row.get("fieldname") for row in file.doctype.get("fields", [])]
    order = file.doctype.get("field_order", [])
    if order != names:
        different = sorted(set(map(str, order)) ^ set(map(str, names))) or "the order only"
        yield f"field_order and fields differ in {different}"


@rule
def fieldnames_are_legal(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Fieldnames are unique, are column names, and leave the framework's own names alone."""
    seen: set[str] = set()
    for row in file.doctype.get("fields", []):
        name = str(row.get("fieldname"))
        if name in seen:
            yield f"fieldname {name!r} occurs twice"
        seen.add(name)
        if not LEGAL_NAME.fullmatch(name):
            yield f"fieldname {name!r} is not lower case letters, digits and underscores, at most 64"
        if name in RESERVED_NAMES and (file.name, name) not in RESERVED_NAME_EXCEPTIONS:
            yield f"fieldname {name!r} is the framework's own"


@rule
def attributes_are_known(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Every attribute is a field of the DocType that describes it, so that a misspelt one is seen."""
    parts = {"DocField": "fields", "DocPerm": "permissions", "DocType Link": "links", "DocType State": "states"}
    parts["DocType Action"] = "actions"
    known = set(bench.doctypes["DocType"].fields) | METADATA_KEYS
    for key in sorted(set(file.doctype) - known):
        yield f"the DocType has an unknown attribute {key!r}"
    for describes, part in parts.items():
        known = set(bench.doctypes[describes].fields) | METADATA_KEYS
        for row in file.doctype.get(part, []):
            for key in sorted(set(row) - known):
                yield f"{part} row {row_name(row)} has an unknown attribute {key!r}"


def row_name(row: dict[str, Any]) -> str:
    """Return what a reader finds a row of metadata by."""
    keys = ("fieldname", "role", "link_doctype", "title", "label")
    return next((repr(row[key]) for key in keys if row.get(key)), "without a name")


@rule
def fieldtypes_are_known(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Fieldtypes are those a DocField can have, and fields that a person sees have a label."""
    known = set(select_options(bench.doctypes["DocField"].fields["fieldtype"]))
    for name, row in file.fields.items():
        if row.get("fieldtype") not in known:
            yield f"field {name!r} has the unknown fieldtype {row.get('fieldtype')!r}"
        if not row.get("label") and not row.get("hidden") and row.get("fieldtype") not in LAYOUT_FIELDS | {"HTML"}:
            yield f"field {name!r} has no label"


@rule
def link_targets_exist(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Links and tables name a DocType of the right kind; a dynamic link names the field that holds one."""
    for name, row in file.fields.items():
        fieldtype, options = row.get("fieldtype"), str(row.get("options"))
        target = bench.doctypes.get(options)
        if fieldtype in {"Link", *TABLE_FIELDS} and target is None:
            yield f"{fieldtype} field {name!r} points to {options!r}, which does not exist"
        elif fieldtype in TABLE_FIELDS and target is not None and not target.is_table:
            yield f"{fieldtype} field {name!r} points to {options!r}, which is no child table"
        elif fieldtype == "Link" and target is not None and target.is_table and file.app != "frappe":
            yield f"Link field {name!r} points to the child table {options!r}"
        if fieldtype == "Table MultiSelect" and target is not None and not has_link(target):
            yield f"Table MultiSelect field {name!r}: {options!r} has no Link field to choose from"
        holder = file.fields.get(options, {}).get("fieldtype")
        if fieldtype == "Dynamic Link" and holder not in {"Link", "Select", "Data"}:
            yield f"Dynamic Link field {name!r} needs a Link or Select field named {options!r}"


def has_link(file: DocTypeFile) -> bool:
    """Tell whether a DocType has a Link field."""
    return any(row.get("fieldtype") == "Link" for row in file.fields.values())


@rule
def select_options_are_unique(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Choices differ from each other, and a default is one of them."""
    for name, row in file.fields.items():
        if row.get("fieldtype") != "Select" or not row.get("options"):
            continue
        choices = select_options(row)
        for choice in sorted({one for one in choices if choices.count(one) > 1}):
            yield f"Select field {name!r} has the choice {choice!r} twice"
        if row.get("default") and str(row["default"]) not in choices:
            yield f"Select field {name!r}: the default {row['default']!r} is not among its choices"


@rule
def expressions_parse(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Conditions are a fieldname or `eval:` with an expression, and address fields that exist."""
    for name, row in file.fields.items():
        for key in EXPRESSION_KEYS:
            if text := str(row.get(key) or "").strip():
                for breach in breaches_of_expression(text, file, bench):
                    yield f"{key} of field {name!r}: {breach}: {text}"


def breaches_of_expression(text: str, file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Yield what is wrong with one condition."""
    if not text.startswith(("eval:", "fn:")):
        if not file.has_field(text):
            yield f"there is no field {text!r}"
        return
    body = text.partition(":")[2]
    if problem := syntax_problem(body):
        yield problem
    for fieldname in re.findall(r"\bdoc\.([A-Za-z_]\w*)", body):
        if not file.has_field(fieldname) and not fieldname.startswith("__") and fieldname != "doctype":
            yield f"doc.{fieldname} is no field"
    parents = bench.parents.get(file.name, [])
    for fieldname in re.findall(r"\bparent\.([A-Za-z_]\w*)", body):
        if not any(parent.has_field(fieldname) for parent in parents):
            yield f"parent.{fieldname} is no field of a DocType that holds this table"


def syntax_problem(body: str) -> str:
    """Return why an expression can't be read, or an empty text."""
    if check_syntax is not None:
        return str(check_syntax(body) or "")
    bare = re.sub(r"\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])*'", "''", body)
    if '"' in bare or bare.count("'") % 2:
        return "a quotation mark is open"
    if any(bare.count(left) != bare.count(right) for left, right in ("()", "[]", "{}")):
        return "a bracket is open"
    if re.search(r"(?<![=!<>])=(?!=)", bare):
        return "an assignment is no condition"
    return "" if bare.strip() else "it is empty"


@rule
def fetch_paths_resolve(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """`fetch_from` names a Link field here and a field of the DocType it points to."""
    for name, row in file.fields.items():
        if not row.get("fetch_from"):
            continue
        link, _, source = str(row["fetch_from"]).partition(".")
        link_row = file.fields.get(link, {})
        if link_row.get("fieldtype") not in CHOICE_FIELDS:
            yield f"fetch_from of {name!r}: {link!r} is no Link field"
        elif link_row.get("fieldtype") == "Link":
            target = bench.doctypes.get(str(link_row.get("options")))
            if target is not None and not target.has_field(source):
                yield f"fetch_from of {name!r}: {target.name} has no field {source!r}"


@rule
def permissions_are_complete(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Documents have a role that reads them; rows of child tables have none of their own."""
    rows = file.doctype.get("permissions", [])
    if file.is_table:
        if rows:
            yield "a child table takes the permissions of its parent and has none itself"
        return
    if not any(row.get("read") and not row.get("permlevel") for row in rows):
        yield "no role reads it: permissions need a row of level 0 with read"
    for row in rows:
        yield from breaches_of_permission(row, file, bench)


def breaches_of_permission(row: dict[str, Any], file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Yield what is wrong with one permission rule."""
    role = row.get("role")
    if role not in bench.roles:
        yield f"role {role!r} is not among the fixtures of the apps"
    if not file.doctype.get("is_submittable"):
        for right in ("submit", "cancel", "amend"):
            if row.get(right):
                yield f"role {role!r} may {right} what can't be submitted"
    if row.get("import") and not file.doctype.get("allow_import"):
        yield f"role {role!r} may import, but allow_import is not set"
    if row.get("create") and not row.get("read") and not row.get("permlevel"):
        yield f"role {role!r} may create what it may not read"


@rule
def field_levels_have_a_role(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """A field above level 0 has a role that sees it."""
    if file.is_table:
        return
    levels = {int(row.get("permlevel") or 0) for row in file.doctype.get("permissions", []) if row.get("read")}
    for name, row in file.fields.items():
        if (level := int(row.get("permlevel") or 0)) and level not in levels:
            yield f"field {name!r} is of level {level}, which no role reads"


@rule
def submittable_ones_can_be_amended(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """A submittable DocType has `amended_from`, which is never typed or copied."""
    row = file.fields.get("amended_from")
    if not file.doctype.get("is_submittable"):
        return
    if row is None:
        yield "it is submittable and has no field amended_from"
        return
    if (row.get("fieldtype"), row.get("options")) != ("Link", file.name):
        yield f"amended_from is no Link to {file.name}"
    for attribute in ("no_copy", "read_only"):
        if not row.get(attribute):
            yield f"amended_from is not {attribute}"


NAMING_RULES: dict[str, Callable[[str], bool]] = {
    "By fieldname": lambda autoname: autoname.startswith("field:"),
    'By "Naming Series" field': lambda autoname: autoname == "naming_series:",
    "Expression": lambda autoname: autoname.startswith("format:"),
    "Expression (old style)": lambda autoname: "#" in autoname and ":" not in autoname,
    "Random": lambda autoname: autoname in {"hash", ""},
    "UUID": lambda autoname: autoname == "UUID",
    "Autoincrement": lambda autoname: autoname == "autoincrement",
    "Set by user": lambda autoname: autoname in {"prompt", "Prompt"},
    "By script": lambda autoname: autoname == "",
}


@rule
def naming_is_consistent(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """The naming rule and `autoname` say the same, and the fields they name exist."""
    autoname, naming_rule = str(file.doctype.get("autoname") or ""), file.doctype.get("naming_rule")
    if file.is_table or file.is_single:
        return
    if naming_rule not in NAMING_RULES:
        yield f"naming_rule is {naming_rule!r}; it is one of {', '.join(NAMING_RULES)}"
    elif not NAMING_RULES[naming_rule](autoname):
        yield f"naming_rule {naming_rule!r} does not go with autoname {autoname!r}"
    yield from breaches_of_autoname(autoname, file)
    if naming_rule == "By script" and not defines_naming(file):
        yield "naming_rule is 'By script', but the controller has no autoname method"


def breaches_of_autoname(autoname: str, file: DocTypeFile) -> Iterator[str]:
    """Yield the fields that `autoname` needs and the DocType has not."""
    kind, _, rest = autoname.partition(":")
    if kind == "field":
        row = file.fields.get(rest)
        if row is None:
            yield f"autoname names the field {rest!r}, which does not exist"
        elif not row.get("reqd") and not row.get("read_only"):
            yield f"autoname names the field {rest!r}, which is not mandatory"
    if kind == "naming_series" and file.fields.get("naming_series", {}).get("fieldtype") != "Select":
        yield "autoname is naming_series:, but there is no Select field naming_series"
    if kind == "format":
        for token in re.findall(r"\{([^}]*)\}", rest):
            if not set(token) <= {"#"} and token not in FORMAT_TOKENS and not file.has_field(token):
                yield f"autoname has {{{token}}}, which is neither a field nor a date part"


def defines_naming(file: DocTypeFile) -> bool:
    """Tell whether a controller names its documents itself."""
    if not file.controller.exists():
        return False
    nodes = ast.walk(ast.parse(file.controller.read_text(encoding="utf-8")))
    return any(isinstance(node, ast.FunctionDef) and node.name in {"autoname", "before_naming"} for node in nodes)


@rule
def named_fields_exist(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Attributes of the DocType that name a field name one that exists."""
    doctype = file.doctype
    keys = ["title_field", "image_field", "sort_field", "timeline_field", "nsm_parent_field", "is_published_field"]
    keys += ["sender_field", "sender_name_field", "subject_field", "website_search_field"]
    for key in keys:
        names = [part.split()[0] for part in str(doctype.get(key) or "").split(",") if part.strip()]
        for name in names:
            if not file.has_field(name):
                yield f"{key} names {name!r}, which is no field"
    for name in str(doctype.get("search_fields") or "").split(","):
        if name.strip() and not file.has_field(name.strip()):
            yield f"search_fields names {name.strip()!r}, which is no field"


@rule
def list_has_columns(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """A list or grid shows something that says what a document is, and only what fits into a cell."""
    listed = {name for name, row in file.fields.items() if row.get("in_list_view")}
    named_by_user = file.doctype.get("naming_rule") == "Set by user"
    if not listed and not file.doctype.get("title_field") and not file.is_single and not named_by_user:
        yield "no field is in_list_view, there is no title_field, and the name says nothing"
    for name in sorted(listed):
        if file.fields[name].get("fieldtype") in NO_VALUE_FIELDS | TABLE_FIELDS:
            yield f"field {name!r} of type {file.fields[name]['fieldtype']} can't be shown in a list"


@rule
def indexes_are_possible(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Indexed and unique fields have a type that a database can index."""
    for name, row in file.fields.items():
        if row.get("fieldtype") in LONG_FIELDS and (row.get("search_index") or row.get("unique")):
            yield f"field {name!r} of type {row.get('fieldtype')} can't have an index"
        if row.get("fieldtype") in LAYOUT_FIELDS and row.get("reqd"):
            yield f"field {name!r} of type {row.get('fieldtype')} can't be mandatory"


@rule
def row_fits_the_database(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """All short texts together fit into one row of MariaDB."""
    row_bytes = sum(column_bytes(row) for row in file.fields.values())
    if row_bytes > ROW_BYTES_MAX and not file.is_single and not file.doctype.get("is_virtual"):
        yield f"its columns need up to {row_bytes} bytes in a row; MariaDB holds {ROW_BYTES_MAX}"


def column_bytes(row: dict[str, Any]) -> int:
    """Return the most bytes that a field takes in a row."""
    fieldtype = row.get("fieldtype")
    if fieldtype in NO_VALUE_FIELDS or row.get("is_virtual"):
        return 0
    if fieldtype in LONG_FIELDS or fieldtype in NUMBER_FIELDS:
        return 12
    return int(row.get("length") or DEFAULT_LENGTH) * CHARACTER_BYTES


@rule
def child_tables_are_used(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """A child table is a field of some DocType."""
    if file.is_table and file.name not in bench.parents:
        yield "no DocType has a Table field with it"


@rule
def links_rows_resolve(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Each linked DocType on the form has a field that points back here."""
    for row in file.doctype.get("links", []):
        target = bench.doctypes.get(str(row.get("link_doctype")))
        fieldname = str(row.get("link_fieldname"))
        if target is None:
            yield f"links: DocType {row.get('link_doctype')!r} does not exist"
            continue
        field = target.fields.get(fieldname, {})
        points_here = field.get("fieldtype") == "Dynamic Link" or field.get("options") == file.name
        if field.get("fieldtype") not in CHOICE_FIELDS or not points_here:
            yield f"links: {target.name}.{fieldname} is no link to {file.name}"


@rule
def states_are_choices(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """A coloured state is a choice of a Select field."""
    selects = (row for row in file.fields.values() if row.get("fieldtype") == "Select")
    choices = {choice for row in selects for choice in select_options(row)}
    for state in file.doctype.get("states", []):
        if state.get("title") not in choices:
            yield f"state {state.get('title')!r} is no choice of any Select field"


@rule
def english_is_the_source(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Labels, choices and descriptions are English; other languages come from translation files."""
    for text in sorted(texts_of(file)):
        if re.search(r"[\u3400-\u9fff]", text):
            yield f"{text!r} is not English"


@rule
def texts_are_translated(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """Every text that a person reads has a Chinese translation."""
    for text in sorted(texts_of(file)):
        if needs_words(text) and not bench.is_translated(text, file.name):
            yield f"{text!r} has no row in zh.csv"


@rule
def messages_are_translated(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """What a controller says to a person has a Chinese translation."""
    if not file.controller.exists():
        return
    for node in ast.walk(syntax_tree(file)):
        message = message_of(node)
        if message and not bench.is_translated(message, file.name):
            yield f"the message {message!r} has no row in zh.csv"


def message_of(node: ast.AST) -> str:
    """Return the literal text that a call of `_` or `frappe._` translates, or an empty text."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in {"_", "frappe._"} or not node.args:
        return ""
    text = node.args[0]
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else ""


def texts_of(file: DocTypeFile) -> set[str]:
    """Return every text of a DocType that a person reads."""
    doctype = file.doctype
    texts = {file.name, str(doctype.get("module") or ""), str(doctype.get("description") or "")}
    for row in file.fields.values():
        texts |= {str(row.get(key) or "") for key in ("label", "description", "placeholder")}
        if row.get("fieldtype") == "Select":
            texts |= set(select_options(row))
    for part, key in (("links", "group"), ("states", "title"), ("actions", "label"), ("permissions", "role")):
        texts |= {str(row.get(key) or "") for row in doctype.get(part, [])}
    return {text.strip() for text in texts if text.strip()}


def needs_words(text: str) -> bool:
    """Tell whether a text has words; codes, formats and identifiers read the same in every language."""
    code = r"[A-Z0-9/_.+-]+|[a-z0-9_./-]+|[a-z]{2,4}([-/.:, ][a-z]{2,4})+|HH:mm(:ss)?"
    return bool(re.search(r"[A-Za-z]{2,}", text)) and not re.fullmatch(code, text)


@rule
def controller_has_its_class(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """The folder is a package, and its module holds the class that the framework looks for."""
    if not (file.path.parent / "__init__.py").exists():
        yield f"the folder {file.path.parent.name!r} has no __init__.py"
    if not file.controller.exists():
        yield f"there is no controller {file.controller.name}"
        return
    wanted = file.name.replace(" ", "").replace("-", "")
    classes = [node.name for node in syntax_tree(file).body if isinstance(node, ast.ClassDef)]
    if wanted not in classes:
        yield f"{file.controller.name} has no class {wanted}"


def syntax_tree(file: DocTypeFile) -> ast.Module:
    """Return the parsed controller."""
    return ast.parse(file.controller.read_text(encoding="utf-8"))


@rule
def whitelisted_methods_are_documented(file: DocTypeFile, bench: Bench) -> Iterator[str]:
    """What may be called from outside says what it does."""
    if not file.controller.exists():
        return
    for node in ast.walk(syntax_tree(file)):
        if isinstance(node, ast.FunctionDef) and is_whitelisted(node) and not ast.get_docstring(node):
            yield f"{node.name} is whitelisted and has no docstring"


def is_whitelisted(node: ast.FunctionDef) -> bool:
    """Tell whether a function is offered over HTTP."""
    names = [ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list]
    return any(name in {"frappe.whitelist", "whitelist"} for name in names)
