"""What the acts of a trade tell each other."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.journeys.stage import Person, Stage


@dataclass
class Trade:
    """Who is there, and the addresses and numbers of what they make, by name."""

    stage: Stage
    come: Callable[..., Person]
    people: dict[str, Person] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def enter(self, name: str, seat: str = "") -> Person:
        """Somebody new with a browser; signed in when they have a seat in the cast."""
        self.people[name] = self.come(seat)
        return self.people[name]

    def here(self, name: str, person: Person) -> None:
        """Remember the page on which this person is."""
        self.at[name] = person.page.url.removeprefix(self.stage.address).partition("?")[0].partition("#")[0]
