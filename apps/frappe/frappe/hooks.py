"""Hooks of the framework's own app: what it is, and what it asks the engine to run.

The framework registers through the same keys as any other app, so nothing here is read in a special way.
"""

app_name = "frappe"
app_title = "Framework"
app_publisher = "EC ERP"
app_description = "Runtime of the EC ERP bench: an independent implementation of Frappe's public API"
app_license = "MIT"

# The bench command reads this line to choose its tools for front-end packages.
develop_version = "15.x.x-develop"

before_install = "frappe.utils.install.before_install"
after_install = "frappe.utils.install.after_install"

# Who sees which documents, beyond what roles and user permissions say: SQL for lists, a decision for documents.
permission_query_conditions = {
    "Dashboard Chart": "frappe.desk.doctype.dashboard_chart.dashboard_chart.get_permission_query_conditions",
    "Event": "frappe.desk.doctype.event.event.get_permission_query_conditions",
    "File": "frappe.core.doctype.file.file.get_permission_query_conditions",
    "Kanban Board": "frappe.desk.doctype.kanban_board.kanban_board.get_permission_query_conditions",
    "Note": "frappe.desk.doctype.note.note.get_permission_query_conditions",
    "Notification Log": "frappe.desk.doctype.notification_log.notification_log.get_permission_query_conditions",
    "Number Card": "frappe.desk.doctype.number_card.number_card.get_permission_query_conditions",
    "ToDo": "frappe.desk.doctype.todo.todo.get_permission_query_conditions",
    "User": "frappe.core.doctype.user.user.get_permission_query_conditions",
    "Workflow Action": "frappe.workflow.doctype.workflow_action.workflow_action.get_permission_query_conditions",
}
has_permission = {
    "Comment": "frappe.core.doctype.comment.comment.has_permission",
    "Communication": "frappe.core.doctype.communication.communication.has_permission",
    "Dashboard Chart": "frappe.desk.doctype.dashboard_chart.dashboard_chart.has_permission",
    "Event": "frappe.desk.doctype.event.event.has_permission",
    "File": "frappe.core.doctype.file.file.has_permission",
    "Kanban Board": "frappe.desk.doctype.kanban_board.kanban_board.has_permission",
    "Note": "frappe.desk.doctype.note.note.has_permission",
    "Number Card": "frappe.desk.doctype.number_card.number_card.has_permission",
    "ToDo": "frappe.desk.doctype.todo.todo.has_permission",
    "User": "frappe.core.doctype.user.user.has_permission",
    "Workflow Action": "frappe.workflow.doctype.workflow_action.workflow_action.has_permission",
}

# The framework's own pages, the last one is asked first; apps' renderers are asked before all of them.
page_renderer = [
    "frappe.website.page_renderers.document_page.DocumentPage",
    "frappe.website.page_renderers.template_page.TemplatePage",
    "frappe.website.renderers.Robots",
    "frappe.website.pwa.AppFiles",
    "frappe.website.renderers.Message",
    "frappe.website.renderers.Elsewhere",
    "frappe.website.renderers.Shell",
]

# What templates may call beyond what scripts may.
jinja = {"methods": ["frappe.utils.print_codes"]}

# Who listens to events of documents beyond controllers, and who answers what the engine asks of its apps.
document_listeners = [
    "frappe.core.doctype.server_script.server_script_utils.listeners",
    "frappe.model.workflow.listeners",
    "frappe.workflow.doctype.workflow_action.workflow_action.listeners",
    "frappe.automation.doctype.assignment_rule.assignment_rule.listeners",
    "frappe.automation.doctype.milestone_tracker.milestone_tracker.listeners",
    "frappe.email.doctype.notification.notification.listeners",
    "frappe.integrations.doctype.webhook.webhook.listeners",
    "frappe.search.sqlite_search.listeners",
]
after_migrate = ["frappe.search.sqlite_search.build_index_in_background"]
scheduler_events = {
    "cron": {"*/15 * * * *": ["frappe.search.sqlite_search.build_index_if_not_exists"]},
    "all": [
        "frappe.email.queue.flush",
        "frappe.email.doctype.email_account.email_account.pull",
        "frappe.email.doctype.email_account.email_account.notify_unreplied",
        "frappe.automation.doctype.reminder.reminder.send_reminders",
        "frappe.email.doctype.notification.notification.trigger_offset_alerts",
    ],
    "hourly_long": ["frappe.integrations.doctype.google_calendar.google_calendar.sync"],
    "hourly": [
        "frappe.desk.form.document_follow.send_hourly_updates",
        "frappe.core.doctype.prepared_report.prepared_report.expire_stalled_report",
    ],
    "weekly": ["frappe.desk.form.document_follow.send_weekly_updates"],
    "daily": [
        "frappe.core.doctype.user_invitation.user_invitation.mark_expired_invitations",
        "frappe.desk.form.document_follow.send_daily_updates",
        "frappe.desk.doctype.event.event.send_event_digest",
        "frappe.email.doctype.auto_email_report.auto_email_report.send_daily",
        "frappe.core.doctype.log_settings.log_settings.run_log_clean_up",
        "frappe.email.queue.set_expiry_for_email_queue",
        "frappe.email.doctype.notification.notification.trigger_daily_alerts",
        "frappe.automation.doctype.auto_repeat.auto_repeat.make_auto_repeat_entry",
        "frappe.automation.doctype.auto_repeat.auto_repeat.set_auto_repeat_as_completed",
    ],
}
engine_providers = {
    "build_search_index": "frappe.utils.global_search.rebuild",
    "submit_in_background": "frappe.core.doctype.submission_queue.submission_queue.submit_in_background",
    "second_factor_given": "frappe.twofactor.given",
    "second_factor_wanted": "frappe.twofactor.wanted",
    "api_script": "frappe.core.doctype.server_script.server_script_utils.find_api_script",
    "permission_query_script": "frappe.core.doctype.server_script.server_script_utils.permission_query",
    "report_script": "frappe.core.doctype.report.report.run_script",
    "run_scheduled_script": "frappe.core.doctype.server_script.server_script_utils.run_scheduled",
    "workflow_docs": "frappe.model.workflow.get_workflow_docs",
    "password_reset_url": "frappe.core.doctype.user.passwords.reset_url_of",
    "format_value": "frappe.utils.formatters.format_value",
    "render_template": "frappe.utils.jinja.render_template",
}

# Events go on to Google, where somebody asked for it.
_CALENDAR = "frappe.integrations.doctype.google_calendar.google_calendar"
google_oauth_callbacks = {"calendar": f"{_CALENDAR}.take_consent"}

# Who may invite whom to the framework's own app: the inviter's roles, and the roles that those who are invited may get.
user_invitation = {"allowed_roles": {"System Manager": ["System Manager"]}}
