"""DocTypes of the module Geo: countries and currencies."""
