"""A small demo seller, made by us: goods, shops, a month of trade. Nothing in it is copied from anywhere."""
