"""What an entrance says when it refuses something."""


class EntranceProblem(Exception):
    """Foreign bytes were refused.

    `code` is stable, `message` is for people, `position` is the row or line that it is about, from 1, if there is one.
    """

    def __init__(self, code: str, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position

    def __repr__(self) -> str:
        return f"EntranceProblem({self.code!r}, {self.message!r}, {self.position})"
