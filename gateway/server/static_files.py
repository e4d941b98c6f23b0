"""Files that are served as they are, held in memory: GraphiQL, and the text of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_FOLDER: Final = Path(__file__).parent / "static" / "graphiql"
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
# The strictest that GraphiQL works under; see static/README.md.
_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file, its media type, and the headers that only it has."""

    body: bytes
    media_type: str
    headers: tuple[tuple[str, str], ...]

    @staticmethod
    def of(body: bytes, media_type: str, **headers: str) -> StaticFile:
        """A file that caches may keep but must ask about."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        fixed = {"cache-control": "public, no-cache", "etag": f'"{sha256(body).hexdigest()[:32]}"', "x-content-type-options": "nosniff"}
        return StaticFile(body, media_type, tuple({**fixed, **named}.items()))

    def respond(self, request: Request) -> Response:
        """The file, or only that it has not changed."""
        headers = dict(self.headers)
        known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
        if headers["etag"] in known or known == ["*"]:
            return Response(status_code=304, headers=headers)
        return Response(self.body, media_type=self.media_type, headers=headers)


def graphiql_files() -> dict[str, StaticFile]:
    """GraphiQL's files by their names; all of them carry the policy that forbids fetching from elsewhere."""
    return {
        path.name: StaticFile.of(
            path.read_bytes(), _TYPES[path.suffix], content_security_policy=_POLICY, referrer_policy="no-referrer", x_frame_options="DENY"
        )
        for path in sorted(_FOLDER.iterdir())
    }
