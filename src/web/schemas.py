"""What travels over REST, as pydantic models: the contract, the checks and the OpenAPI document."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import DEFAULT_REF_TEMPLATE, GenerateJsonSchema, JsonSchemaMode

from services.passwords import MAX_LENGTH

_schemas: dict[object, dict[str, Any]] = {}


class ApiModel(BaseModel):
    """Base of every model: unknown fields are refused and the JSON schema is built once.

    flask-openapi asks for the schema on every request; building it costs more than the request.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def model_json_schema(
        cls,
        by_alias: bool | None = None,
        ref_template: str = DEFAULT_REF_TEMPLATE,
        schema_generator: type[GenerateJsonSchema] = GenerateJsonSchema,
        mode: JsonSchemaMode = "validation",
        *,
        union_format: Literal["any_of", "primitive_type_array"] = "any_of",
    ) -> dict[str, Any]:
        """The model's JSON schema, shared between callers: do not change it."""
        key = (cls, by_alias, ref_template, schema_generator, mode, union_format)
        if key not in _schemas:
            _schemas[key] = super().model_json_schema(
                by_alias, ref_template, schema_generator, mode, union_format=union_format
            )
        return _schemas[key]


class Credentials(ApiModel):
    """An e-mail address and a password."""

    model_config = ConfigDict(strict=True)

    email: str = Field(min_length=1, max_length=254, examples=["trader@example.com"])
    password: str = Field(
        min_length=1, max_length=MAX_LENGTH, json_schema_extra={"format": "password"}
    )


class TradePage(ApiModel):
    """Which page of the trade history."""

    page: int = Field(1, ge=1, le=1_000_000)
    limit: int = Field(50, ge=1, le=200)


class MovementPage(ApiModel):
    """Which page of the account's movements."""

    page: int = Field(1, ge=1, le=1_000_000)
    limit: int = Field(25, ge=1, le=200)


class EquityWindow(ApiModel):
    """How much of the equity curve, and how finely."""

    points: int = Field(300, ge=2, le=2000)
    days: int | None = Field(None, ge=1, le=3650)


class User(ApiModel):
    """Who is signed in."""

    id: int
    email: str


class CurrentUser(ApiModel):
    """The user of the token."""

    user: User


class SignedIn(ApiModel):
    """A fresh access token and whose it is."""

    token: str
    user: User


class Error(ApiModel):
    """What went wrong: `code` for programs, `message` for people."""

    code: str
    message: str
    details: dict[str, Any] | None = None


class ErrorBody(ApiModel):
    """The one shape of every failing answer."""

    error: Error
