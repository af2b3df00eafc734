"""Decisions of automation: which dates, who is next, which steps are open. Pure: values in, values out."""
