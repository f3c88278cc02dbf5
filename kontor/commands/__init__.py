"""What the command line does, a file per subject. Like `cli.py` it is composition root and may know everybody."""
