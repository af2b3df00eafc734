"""What the app hooks into the framework."""

app_name = "book_club"
app_title = "Book Club"
app_publisher = "Book Club"
app_description = "Lends the books of a club to its members"
app_email = "club@example.com"
app_license = "mit"

after_install = "book_club.setup.after_install"
before_tests = "book_club.setup.before_tests"

doc_events = {
    "ToDo": {"after_insert": "book_club.events.note_todo"},
    "*": {"on_trash": "book_club.events.count_deleted"},
}
scheduler_events = {
    "daily": ["book_club.tasks.remind_of_open_loans"],
    "cron": {"0 6 * * 1": ["book_club.tasks.weekly_summary"]},
}
permission_query_conditions = {"Book Loan": "book_club.permissions.own_loans"}
has_permission = {"Book Loan": "book_club.permissions.may_see_loan"}
override_whitelisted_methods = {"book_club.api.old_search": "book_club.api.search_books"}
jinja = {"methods": ["book_club.api.number_of_books"]}
fixtures = [
    {"dt": "Custom Field", "filters": [["name", "in", ["User-library_card"]]]},
    {"dt": "Role", "filters": [["name", "=", "Librarian"]]},
]
app_include_js = "/assets/book_club/js/book_club.js"
doctype_js = {"User": "public/js/user.js"}
website_route_rules = [{"from_route": "/shelf/<shelf>", "to_route": "books"}]
