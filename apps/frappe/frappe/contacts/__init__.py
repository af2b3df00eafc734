"""DocTypes of the module Contacts: addresses and contacts of any document."""
