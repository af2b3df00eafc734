"""DocTypes of the module Workflow: states, transitions and who may take them."""
