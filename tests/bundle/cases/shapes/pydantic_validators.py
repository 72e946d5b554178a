from __future__ import annotations
from smolagents import tool

from typing import Annotated, Literal
from pydantic import BaseModel, ConfigDict, Field, field_validator, computed_field

Positive = Annotated[int, Field(gt=0)]

class Line(BaseModel):
    model_config = ConfigDict(frozen=True)
    sku: str

    @field_validator("sku")
    @classmethod
    def _strip(cls, value: str) -> str:
        return value.strip()

class Order(BaseModel):
    n: Positive
    kind: Literal["a", "b"] = "a"
    items: list[Line]
    parent: Order | None = None

    @computed_field
    @property
    def double(self) -> int:
        return self.n * 2


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    return Order(n=n, items=[{'sku': ' A '}]).model_dump_json()