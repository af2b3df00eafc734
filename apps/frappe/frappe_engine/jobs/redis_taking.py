"""How RQ's workers take jobs from several queues: in one step of Redis, and never out of sight.

RQ's own way of waiting on several queues pops a job and writes down who has it afterwards; a worker that dies in between
takes the job with it. Here a job moves to the queue's list of jobs just taken in the same step, where RQ's rounds of
maintenance find it (`IntermediateQueue.cleanup`), as they do for workers of one queue.

Invariant: a job is at every moment in its queue, among those just taken, or among those started.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from rq import Queue
from rq.exceptions import DequeueTimeout
from rq.intermediate_queue import IntermediateQueue

LOOK_EVERY_S = 0.1
# KEYS: queues in the order of their turn, then the lists of jobs just taken, in the same order.
_TAKE = """
local number = #KEYS / 2
for at = 1, number do
    local job = redis.call('LPOP', KEYS[at])
    if job then
        redis.call('RPUSH', KEYS[number + at], job)
        return {KEYS[at], job}
    end
end
return false
"""


class TakingQueue(Queue):
    """RQ's queue, from which workers of several queues take as safely as those of one."""

    @classmethod
    def lpop(cls, queue_keys: Sequence[str], timeout: int | None, connection: Any = None) -> Any:
        """Take the first job of the first queue that has one: (key of the queue, id); None when none waits.

        With a timeout it looks again until one comes; raises `DequeueTimeout` when none has come after so many seconds.
        """
        taken = [IntermediateQueue.get_intermediate_queue_key(key) for key in queue_keys]
        take = connection.register_script(_TAKE)
        ends = None if timeout is None else time.monotonic() + timeout
        while not (found := take(keys=[*queue_keys, *taken])):
            if ends is None:
                return None
            if time.monotonic() >= ends:
                raise DequeueTimeout(timeout, queue_keys)
            time.sleep(LOOK_EVERY_S)
        return found
