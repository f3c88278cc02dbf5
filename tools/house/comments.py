"""How much of the product is comment: reported, not refused. 3 to 6 percent, all saying why, is what we aim at."""

import io
import tokenize

from tools.house.source import House


def share_of_comments(house: House) -> float:
    """Comments in percent of the lines of Python that are not blank."""
    comments = lines = 0
    for source in house.python:
        if source.is_product and not source.is_migration:
            lines += sum(1 for line in source.lines if line.strip())
            tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
            comments += sum(1 for token in tokens if token.type == tokenize.COMMENT)
    return 100 * comments / max(lines, 1)
