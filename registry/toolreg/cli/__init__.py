"""The command line: one file a command, each parses, calls, prints and exits."""
