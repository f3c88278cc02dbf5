"""What is true of any goods: units, measures, attributes and their values, options and configurations, numbers.

No database and no pages: the catalog keeps what is decided here. Pictures are made and stored by their content.
"""
