"""The audit log: events with their actor, time and origin.

A call that changes something carries its event as a mark on its route, and the service that makes the change calls
`service.record` in the same transaction. Workers and commands on the server use the same function. So an event is
written if and only if its change is committed.
"""
