"""Work done outside of requests: background jobs, the scheduler, and what is told to open browsers.

Two backends share one meaning: a table in the site's own database (embedded) or RQ on Redis (`redis_queue` in the
configuration). Start at `enqueue.enqueue`; `docs/concepts/jobs.md` says what is promised.

Invariant: a job that was accepted is run to its end exactly once, or stands in the list of failed jobs; what a job writes
and that it is done are one transaction.
"""
