"""A service to test programs against: in memory as a transport of the client, or over loopback.

Checks signatures and keeps the contract's rules where a client can notice them; imports, analyses and searches
end after a set number of questions, so nothing has to be waited for. Knows nothing of the real server.
"""

from scenedex.client.testing.catalogue import StoredObject
from scenedex.client.testing.loopback import loopback
from scenedex.client.testing.manual_time import ManualTime
from scenedex.client.testing.people import People
from scenedex.client.testing.searching import Searches
from scenedex.client.testing.service import FakeService, Received

__all__ = ["FakeService", "ManualTime", "People", "Received", "Searches", "StoredObject", "loopback"]
