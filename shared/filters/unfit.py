"""A condition that can't be built, told to whoever reads it: he knows where it stands."""


class Unfit(ValueError):
    """``at`` says which of the condition's parts does not fit (``("value", 2)``), the text why."""

    def __init__(self, fault: str, *at: str | int) -> None:
        super().__init__(fault)
        self.at = at
