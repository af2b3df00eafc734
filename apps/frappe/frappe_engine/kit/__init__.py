"""Pure helpers that know no site, no database and no request.

Invariant: a result depends on the arguments alone; the present day, the language and the settings of a site are
arguments. Import the module that is needed (`frappe_engine.kit.numbers`, …): this package itself imports nothing,
so that the start of a process stays fast.
"""
