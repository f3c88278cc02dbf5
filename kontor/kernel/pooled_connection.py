"""A pooled connection that knows, without asking, whether the server has hung up."""

import select
from typing import Any

import psycopg


class PooledConnection(psycopg.Connection[Any]):
    """Answers the pool's question whether it is alive.

    Before a connection is handed out the pool sends an empty statement through it. An idle server says nothing, and
    one that went away leaves an end of file to be read, so a look at the socket is enough: no journey to the database,
    a few microseconds. Only when something lies there is the statement sent in earnest, and a dead connection found.
    """

    def execute(self, query: Any, *args: Any, **options: Any) -> psycopg.Cursor[Any]:
        if query == "" and not self._has_something_to_read():
            return self.cursor()
        return super().execute(query, *args, **options)

    def _has_something_to_read(self) -> bool:
        socket = select.poll()
        socket.register(self.pgconn.socket, select.POLLIN)
        return bool(socket.poll(0))
