from smolagents import tool
from typing import Annotated, Literal, Union, Optional
from pydantic import BaseModel, Field, ConfigDict, field_validator, model_validator, computed_field, TypeAdapter, constr
class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: Annotated[int, Field(ge=0, le=9)] = 9
class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]
class Owner(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    pets: list[Pet] = Field(default_factory=list)
    boss: Optional["Owner"] = None
    @field_validator("pets")
    @classmethod
    def _some(cls, v):
        if len(v) > 5: raise ValueError("too many")
        return v
    @computed_field
    @property
    def count(self) -> int: return len(self.pets)
ADAPTER = TypeAdapter(list[Pet])
Owner.model_rebuild()


@tool
def run_it(n: int) -> str:
    """Do the thing.

    Args:
        n: A value.

    Returns:
        Text.
    """
    pets = ADAPTER.validate_python([{"kind": "cat", "lives": n}, {"kind": "dog"}])
    return Owner(pets=pets, boss=Owner()).model_dump_json()
