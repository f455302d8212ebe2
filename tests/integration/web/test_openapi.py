"""The OpenAPI document lists every route, and every reference in it leads somewhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

from src.web import Web
from src.web.schemas import TradePage
from tests.integration.web.test_access import OPEN_TO_EVERYONE, api_rules

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def document(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/openapi/openapi.json")
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    content: dict[str, Any] = json.loads(response.data)
    return content


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_lists_every_route_and_method(web: Web, client: FlaskClient) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in api_rules(web)
        for method in (rule.methods or set()) & METHODS
    }
    listed = {(path, method) for path, item in document(client)["paths"].items() for method in item}
    assert listed == routes
    assert len(listed) >= 11


def test_it_says_which_routes_need_a_token(client: FlaskClient) -> None:
    content = document(client)
    assert content["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, item in content["paths"].items():
        for operation in item.values():
            assert ("security" in operation) == (path not in OPEN_TO_EVERYONE), path


def test_every_route_documents_its_answer_and_the_one_error_shape(client: FlaskClient) -> None:
    for path, item in document(client)["paths"].items():
        for operation in item.values():
            assert operation["summary"], path
            assert any(status.startswith("2") for status in operation["responses"]), path
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    schema = answer["content"]["application/json"]["schema"]
                    assert schema == {"$ref": "#/components/schemas/ErrorBody"}, (path, status)


def test_every_reference_leads_to_a_schema(client: FlaskClient) -> None:
    content = document(client)
    schemas = content["components"]["schemas"]
    for reference in references(content):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference


def test_building_a_schema_happens_once(client: FlaskClient) -> None:
    """Per request it would cost more than the request itself."""
    assert TradePage.model_json_schema() is TradePage.model_json_schema()
