"""DocTypes of the module Email: mail accounts, queue, templates and notifications."""
