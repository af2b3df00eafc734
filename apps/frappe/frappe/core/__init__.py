"""DocTypes of the module Core: metadata, users, roles, files, jobs and logs."""
