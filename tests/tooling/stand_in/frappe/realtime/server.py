"""A realtime server that does nothing, for as long as it is let."""

import time

time.sleep(600)
