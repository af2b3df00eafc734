"""DocTypes of the module Automation: assignment rules, repeated documents and milestones."""
