"""DocTypes of the module Website: pages, web forms, menus and themes."""
