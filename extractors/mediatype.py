"""The media type and charset that a Content-Type header names."""

from email.message import Message


def content_type(value: str) -> tuple[str, str | None]:
    """The media type in lower case, "" for no value, and the charset as it is written; never raises."""
    line = " ".join(value.split())
    if not line:
        return "", None
    message = Message()
    message["content-type"] = line
    try:
        charset = message.get_param("charset")
    except (TypeError, ValueError):  # parameters in parts (RFC 2231) whose numbers are none, or too long for Python
        charset = None
    return message.get_content_type(), charset if isinstance(charset, str) and charset else None
