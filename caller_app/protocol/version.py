"""Version and media types of the sync protocol. A reply without them is no reply at all."""

PROTOCOL = 1
OLDEST_SERVED = 1  # lists are served to this major and to the newest; changes are taken from every one
JSON_TYPE = "application/vnd.callsync.v1+json"
NDJSON_TYPE = "application/vnd.callsync.v1+ndjson"
PROBLEM_TYPE = "application/problem+json"

HEADER_PROTOCOL = "X-CallSync"
HEADER_REQUEST = "X-Request-Id"
HEADER_DEVICE = "X-Device"
