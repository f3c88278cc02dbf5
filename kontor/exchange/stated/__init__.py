"""Files of which some rows together state one thing: the options of an article, or what is agreed with a customer."""

from kontor.exchange.stated.carrying import Stated, state_file

__all__ = ["Stated", "state_file"]
