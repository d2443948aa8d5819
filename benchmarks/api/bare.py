"""The measure of a page of assets: an application that does nothing but run one statement and send its result.

The statement builds the same bytes that the API answers. Run by the benchmarks, in a process of its own, under the
same server with the same options: ``python -m benchmarks.api.bare CONNINFO PORT PROJECT_ID``.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import uvicorn
from benchmarks.api.running import HOST
from psycopg_pool import AsyncConnectionPool

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

    Pool = AsyncConnectionPool[Any]

_PAGE = """
SELECT '{"code":"0","message":"success","result":{"content":['
    || coalesce((SELECT string_agg(
        '{"assetId":' || asset_id
        || ',"fileName":' || to_json(file_name)
        || ',"projectId":' || project_id
        || ',"metaData":{"resolution":"' || width || 'x' || height
        || '","durationMs":' || duration_ms
        || ',"size":' || size_bytes
        || ',"format":"' || format
        || '"},"key":' || to_json(key)
        || ',"createUserName":' || to_json(create_user_name)
        || ',"createdTime":"' || to_char(created_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
        || '","updateUserName":' || to_json(update_user_name)
        || ',"updatedTime":"' || to_char(updated_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
        || '"}', ',' ORDER BY asset_id)
      FROM assets WHERE asset_id = ANY (ARRAY(
          SELECT asset_id FROM assets WHERE project_id = %(project)s ORDER BY asset_id OFFSET %(offset)s LIMIT %(size)s
      ))), '')
    || '],"totalCount":' || total
    || ',"totalPage":' || (total + %(size)s - 1) / %(size)s
    || ',"pageNo":' || %(number)s
    || ',"pageSize":' || %(size)s
    || '}}'
FROM (SELECT count(*) AS total FROM assets WHERE project_id = %(project)s) AS counted
"""


class Bare:
    """Answers ``?pageNum=…&pageSize=…`` with a page of one project."""

    def __init__(self, pool: Pool, project_id: int) -> None:
        self._pool = pool
        self._project_id = project_id

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        await receive()
        query = parse_qs(scope["query_string"])
        number, size = int(query[b"pageNum"][0]), int(query[b"pageSize"][0])
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                _PAGE, {"project": self._project_id, "offset": (number - 1) * size, "size": size, "number": number}
            )
            row = await cursor.fetchone()
        assert row is not None
        body = row[0].encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": body, "more_body": False})


async def serve(conninfo: str, port: int, project_id: int) -> None:
    async with AsyncConnectionPool(
        conninfo, min_size=1, max_size=10, open=False, kwargs={"prepare_threshold": 3}
    ) as pool:
        config = uvicorn.Config(
            Bare(pool, project_id),
            host=HOST,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_keep_alive=30,
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
