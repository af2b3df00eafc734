"""Whether the site is run by upstream's makers."""


def is_fc_site() -> bool:
    """Tell whether the site is run by upstream's makers: it never is."""
    return False
