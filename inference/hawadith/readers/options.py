"""How inputs are read, in one place: what their tables mean, and bounds; no input, however hostile, may take more memory or time."""

from dataclasses import dataclass, field

from hawadith.readers.table import TableLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How inputs are read.

    Attributes:
        encoding: Of .csv, .tsv and .txt files; JSONL is always UTF-8, HTML says it itself. A byte order mark is accepted with UTF-8.
        table: What the columns and classes of .csv and .tsv files mean.
        max_row_bytes: A longer JSONL line, record of a table (in characters), Parquet text (in characters) or .txt file is a
            `too_large` fault; a long line is passed over without being held.
        max_html_bytes: The same for one .html file, whose tree takes far more memory than its source.
        max_archive_bytes: What one archive may unpack to.
        extract_timeout: Seconds that finding the article in one .html file may take.
    """

    encoding: str = "utf-8"
    table: TableLayout = field(default_factory=TableLayout)
    max_row_bytes: int = 32 * 2**20
    max_html_bytes: int = 8 * 2**20
    max_archive_bytes: int = 16 * 2**30
    extract_timeout: float = 10.0

    @property
    def codec(self) -> str:
        """The codec for `encoding`, which drops a byte order mark where UTF-8 has one."""
        return "utf-8-sig" if self.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else self.encoding
