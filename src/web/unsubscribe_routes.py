"""/unsubscribe: two plain pages that work without a login and without JavaScript."""

import html

from flask import Blueprint, Response, request

from services.notifications.unsubscribing import PATH, Unsubscribing
from src.domain.errors import InvalidInput

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>
<body><h1>{title}</h1>{body}</body></html>
"""
_ASK = """<p>No {channel} notification will be sent to you from then on. You can switch them on
again on the notifications page of the dashboard.</p>
<form method="post"><button type="submit">Stop {channel} notifications</button></form>"""


def unsubscribe_blueprint(unsubscribing: Unsubscribing) -> Blueprint:
    """Ask on GET, act on POST: mail scanners follow links, but they send no forms."""
    blueprint = Blueprint("unsubscribe", __name__)

    @blueprint.get(PATH)
    def ask() -> Response:
        try:
            channel = html.escape(unsubscribing.channel_of(_token()))
        except InvalidInput as error:
            return _page("This link does not work", f"<p>{html.escape(str(error))}</p>", 400)
        return _page("Stop these messages?", _ASK.format(channel=channel))

    @blueprint.post(PATH)
    def act() -> Response:
        try:
            channel = html.escape(unsubscribing.unsubscribe(_token()))
        except InvalidInput as error:
            return _page("This link does not work", f"<p>{html.escape(str(error))}</p>", 400)
        return _page("Done", f"<p>You get no {channel} notifications any more.</p>")

    return blueprint


def _token() -> str:
    return request.args.get("token", "")


def _page(title: str, body: str, status: int = 200) -> Response:
    page = _PAGE.format(title=html.escape(title), body=body)
    return Response(page, status=status, mimetype="text/html")
