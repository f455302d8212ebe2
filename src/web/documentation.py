"""What the OpenAPI document says besides the routes themselves."""

from typing import Any

from flask import Flask, Response, jsonify
from flask_openapi.models.info import Info
from flask_openapi.models.security_scheme import SecurityScheme
from flask_openapi.openapi import OpenAPI
from flask_openapi.types import ResponseDict

from src.web.schemas import ErrorBody

BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
"""Marks a documented route as needing a token."""

SECURITY_SCHEMES: dict[str, SecurityScheme | dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
}
DOCUMENT_PATH = "/openapi/openapi.json"


def failures(*statuses: int) -> ResponseDict:
    """The failing answers a route documents; all of one shape."""
    return dict.fromkeys((*statuses, 422, 500, 503), ErrorBody)


def information(version: str) -> Info:
    """Title and version of the API."""
    return Info(title="ICT Trading System", version=version)


def register_document(app: OpenAPI) -> None:
    """Serve the document. It tells nothing that a token protects."""

    def document() -> Response:
        return jsonify(app.api_doc)

    flask_app: Flask = app
    flask_app.add_url_rule(DOCUMENT_PATH, "openapi_document", document)
