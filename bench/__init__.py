"""The figures of the desk, measured from outside: `make bench` prints them as a table."""
