"""Sales orders: what buyers want, from acceptance to the last parcel."""
