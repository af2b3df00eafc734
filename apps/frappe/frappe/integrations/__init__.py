"""DocTypes of the module Integrations: webhooks, OAuth and sign-in providers."""
