"""DocTypes of the module Printing: print formats, letter heads and styles."""
