"""DocTypes of the module Desk: workspaces, lists, dashboards, notes, tasks and tags."""
