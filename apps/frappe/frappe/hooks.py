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
