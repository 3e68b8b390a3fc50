"""How a long article is cut into windows that a model can read."""

from dataclasses import dataclass

from hawadith.errors import BundleError


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowing:
    """How articles are cut into windows.

    Attributes:
        max_length: Tokens of a window, special tokens included.
        overlap: Tokens of the body that neighbouring windows share.
        title_in_every_window: Whether each window begins with the title, as context.
        max_windows: Windows read of one article; None reads all.

    Raises:
        BundleError: If the numbers leave no room for the body.
    """

    max_length: int = 512
    overlap: int = 128
    title_in_every_window: bool = True
    max_windows: int | None = None

    def __post_init__(self) -> None:
        if self.max_length < 8 or not 0 <= self.overlap <= self.max_length // 2:
            raise BundleError(
                f"Windows of {self.max_length} tokens with overlap {self.overlap} are impossible; "
                "max_length must be at least 8 and overlap at most half of it."
            )
        if self.max_windows is not None and self.max_windows < 1:
            raise BundleError(f"max_windows is {self.max_windows}; it must be at least 1, or null for all.")
