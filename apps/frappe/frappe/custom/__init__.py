"""DocTypes of the module Custom: changes to DocTypes that belong to this site."""
