from __future__ import annotations
from typing import List, Optional
from pydantic import BaseModel, Field, field_validator
from smolagents import tool

class Item(BaseModel):
    name: str
    parent: Optional[Item] = None

class Order(BaseModel):
    items: List[Item] = Field(default_factory=list)

    @field_validator("items")
    @classmethod
    def _check(cls, value):
        return value[:1]

@tool
def order(names: List[str]) -> str:
    """Order.

    Args:
        names: Names.
    """
    return Order(items=[{"name": n, "parent": {"name": "p"}} for n in names]).model_dump_json()
