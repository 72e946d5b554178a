from smolagents import Tool

from abc import ABC, abstractmethod
from typing import Generic, TypeVar, Protocol

T = TypeVar("T")


class Named(Protocol):
    name: str


class Base(Tool, ABC):
    output_type = "string"
    prefix: str = ">"

    @abstractmethod
    def work(self, n: int) -> str: ...

    def forward(self, n: int) -> str:
        return self.prefix + self.work(n)


class Mixin:
    def twice(self, text: str) -> str:
        return text * 2


class AbcTool(Mixin, Base):
    name = "abc_tool"
    description = "Abc."
    inputs = {"n": {"type": "integer", "description": "N."}}

    def work(self, n: int) -> str:
        return self.twice(str(n))
