"""Which test shows that an attribute of DocTypes, fields, rights, links or states has its effect.

Keys are `level.attribute`, values the test's file (below `apps/frappe`) and its name, or the words a test of the desk has.
"""

_HERE = "tests/core/test_attributes.py::test_"
_META = "desk/src/core/meta/meta.test.ts::"
_DOCUMENT = "desk/src/core/document/document.test.ts::"
_TYPES = "tests/core/test_doctypes.py::test_"
_LISTS = "desk/src/core/list/list.test.ts::"

TESTED = {
    "doctype.allow_auto_repeat": f"{_HERE}copies_by_schedule_only_where_allowed",
    "doctype.allow_import": f"{_HERE}rights_to_import_count_only_where_imports_are_allowed",
    "doctype.allow_rename": f"{_HERE}only_what_may_be_renamed_is_renamed",
    "doctype.autoname": f"{_TYPES}naming_rule_and_autoname_agree",
    "doctype.child_table": f"{_TYPES}documents_stop_a_change_of_kind",
    "doctype.doctype": "tests/api/test_documents.py::test_a_document_is_renamed_with_its_links",
    "doctype.email_append_to": "tests/core/test_incoming_mail.py::test_only_some_doctypes_take_mail",
    "doctype.image_field": f"{_HERE}a_preview_shows_the_fields_marked_for_it",
    "doctype.in_create": f"{_HERE}what_is_made_in_other_ways_is_not_offered_as_new",
    "doctype.index_web_pages_for_search": "tests/desk/test_search.py::test_anybody_finds_published_pages",
    "doctype.is_submittable": f"{_TYPES}a_submittable_doctype_can_be_amended",
    "doctype.is_tree": f"{_TYPES}a_tree_gets_its_fields_and_works",
    "doctype.is_virtual": f"{_HERE}a_virtual_doctype_has_no_table",
    "doctype.issingle": f"{_TYPES}a_renamed_single_keeps_its_values",
    "doctype.istable": f"{_TYPES}a_renamed_doctype_keeps_documents_rows_and_links",
    "doctype.max_attachments": f"{_HERE}files_on_a_document_are_limited",
    "doctype.naming_rule": f"{_TYPES}naming_rule_and_autoname_agree",
    "doctype.nsm_parent_field": f"{_TYPES}a_tree_gets_its_fields_and_works",
    "doctype.read_only": f"{_META}is fixed by its flag",
    "doctype.restrict_to_domain": f"{_HERE}doctypes_of_a_sleeping_domain_are_hidden",
    "doctype.search_fields": f"{_HERE}search_fields_are_searched_and_described",
    "doctype.sender_field": "tests/core/test_incoming_mail.py::test_a_mail_opens_a_document",
    "doctype.show_name_in_global_search": f"{_HERE}names_are_searched_and_shown_where_that_is_wanted",
    "doctype.show_preview_popup": f"{_HERE}a_preview_shows_the_fields_marked_for_it",
    "doctype.show_title_field_in_link": f"{_HERE}links_show_titles_where_that_is_wanted",
    "doctype.sort_field": f"{_HERE}lists_are_sorted_as_the_doctype_says",
    "doctype.sort_order": f"{_HERE}lists_are_sorted_as_the_doctype_says",
    "doctype.subject_field": "tests/core/test_incoming_mail.py::test_a_mail_opens_a_document",
    "doctype.timeline_field": f"{_HERE}a_mail_is_on_the_timeline_of_whom_the_document_is_about",
    "doctype.title_field": f"{_HERE}links_show_titles_where_that_is_wanted",
    "doctype.track_changes": "tests/core/test_working_together.py::test_versions_say_field_by_field_what_changed",
    "doctype.track_seen": f"{_HERE}who_saw_and_viewed_a_document_is_noted",
    "doctype.track_views": f"{_HERE}who_saw_and_viewed_a_document_is_noted",
    "doctype.translated_doctype": "tests/desk/test_search.py::test_translated_names_are_found_in_the_users_language",
    "field.allow_on_submit": f"{_HERE}fields_change_after_submit_only_where_allowed",
    "field.bold": "tests/printing/test_prints.py::test_the_usual_print_shows_the_document_and_escapes_it",
    "field.collapsible": f"{_META}of a submitted table takes rows only when it may be changed",
    "field.collapsible_depends_on": f"{_META}of a submitted table takes rows only when it may be changed",
    "field.columns": "desk/src/core/core.test.ts::shows the columns that its author marked",
    "field.default": f"{_HERE}defaults_of_every_kind_are_filled_in",
    "field.depends_on": f"{_META}is hidden by its flag, its condition and its level",
    "field.description": f"{_META}is hidden by its flag, its condition and its level",
    "field.fetch_from": f"{_HERE}values_are_fetched_through_links",
    "field.fetch_if_empty": f"{_HERE}values_are_fetched_through_links",
    "field.fieldtype": "tests/core/test_json_fields.py::",
    "field.hidden": f"{_META}is hidden by its flag, its condition and its level",
    "field.hide_days": "desk/src/ui/fields/duration/duration.test.ts::leaves out what its field leaves out",
    "field.hide_seconds": "desk/src/ui/fields/duration/duration.test.ts::leaves out what its field leaves out",
    "field.ignore_user_permissions": f"{_HERE}limits_of_users_can_be_left_aside_by_a_field",
    "field.ignore_xss_filter": f"{_HERE}markup_is_cleaned_unless_a_field_says_not_to",
    "field.in_global_search": "tests/cli/test_users_and_settings.py::test_global_search_is_filled_anew",
    "field.in_list_view": "desk/src/core/core.test.ts::shows the columns that its author marked",
    "field.in_preview": f"{_HERE}a_preview_shows_the_fields_marked_for_it",
    "field.in_standard_filter": f"{_META}include a table without rows",
    "field.is_virtual": f"{_HERE}a_virtual_field_has_no_column",
    "field.length": f"{_HERE}values_that_break_a_rule_of_their_field_are_refused",
    "field.mandatory_depends_on": f"{_HERE}what_forms_ask_for_under_a_condition_programs_may_leave_out",
    "field.no_copy": f"{_HERE}copies_leave_out_what_says_so",
    "field.non_negative": f"{_HERE}values_that_break_a_rule_of_their_field_are_refused",
    "field.permlevel": f"{_HERE}levels_hide_and_protect_fields",
    "field.precision": f"{_HERE}numbers_are_rounded_to_the_precision_of_their_field",
    "field.print_hide": "tests/printing/test_layouts.py::test_the_classic_builders_list_is_read",
    "field.print_hide_if_no_value": f"{_HERE}prints_leave_out_nothing_where_that_is_wanted",
    "field.print_width": "tests/printing/test_layouts.py::test_the_classic_builders_list_is_read",
    "field.read_only": f"{_META}is fixed by its flag",
    "field.read_only_depends_on": f"{_META}is fixed by its flag",
    "field.reqd": f"{_HERE}values_that_break_a_rule_of_their_field_are_refused",
    "field.search_index": f"{_HERE}indexes_are_made",
    "field.set_only_once": f"{_HERE}values_that_break_a_rule_of_their_field_are_refused",
    "field.translatable": "desk/src/core/fields/fields.test.ts::stands in the words of the reader",
    "field.unique": f"{_HERE}values_that_break_a_rule_of_their_field_are_refused",
    "permission.permlevel": f"{_HERE}levels_hide_and_protect_fields",
    "permission.if_owner": f"{_HERE}some_rights_count_for_ones_own_documents",
    "permission.import": f"{_HERE}rights_to_import_count_only_where_imports_are_allowed",
    "permission.role": f"{_HERE}rights_of_a_role_are_what_its_rule_says",
    "link.group": f"{_HERE}links_of_the_doctype_are_what_is_connected",
    "link.is_child_table": f"{_HERE}links_of_the_doctype_are_what_is_connected",
    "link.link_doctype": f"{_HERE}links_of_the_doctype_are_what_is_connected",
    "link.link_fieldname": f"{_HERE}links_of_the_doctype_are_what_is_connected",
    "link.parent_doctype": f"{_HERE}links_of_the_doctype_are_what_is_connected",
    "link.table_fieldname": f"{_HERE}links_of_the_doctype_are_what_is_connected",
    "state.color": f"{_HERE}states_have_titles_and_colours",
    "state.title": f"{_HERE}states_have_titles_and_colours",
    **{
        f"permission.{right}": f"{_HERE}rights_of_a_role_are_what_its_rule_says"
        for right in (
            "amend", "cancel", "create", "delete", "email", "export", "print", "read", "report", "select", "share", "submit", "write",
        )
    },
}  # fmt: skip

# attribute: why it has no effect of its own
WITHOUT_EFFECT = {
    "doctype.beta": "a word to the reader",
    "doctype.document_type": "sorts DocTypes for who reads them",
    "doctype.engine": "one kind of table",
    "doctype.icon": "drawn, nothing depends on it",
    "doctype.name_case": "upstream reads it and changes no name either (observed)",
    "doctype.row_format": "one kind of row",
    "field.hide_border": "a line that is drawn or not",
    "field.in_filter": "of a list that upstream no longer has",
    "field.max_height": "a height in pixels",
    "field.show_days": "gave way to hide_days",
    "field.show_seconds": "gave way to hide_seconds",
    "field.width": "a width in pixels",
    "permission.set_user_permissions": "gave way to the rights on User Permission",
}

# what the desk alone acts on, still without a test that names it; this list only shrinks
DESK_WITHOUT_TEST = {
    "doctype.allow_bulk_edit", "doctype.allow_copy", "doctype.allow_events_in_timeline", "doctype.default_view",
    "doctype.editable_grid", "doctype.grid_page_length", "doctype.hide_toolbar", "doctype.make_attachments_public",
    "doctype.quick_entry", "doctype.rows_threshold_for_grid_search", "field.allow_bulk_edit", "field.allow_in_quick_entry",
    "field.documentation_url", "field.link_filters", "field.remember_last_selected_value", "field.report_hide",
    "field.show_dashboard",
}  # fmt: skip
