"""The desk in a browser: a small server that signs people in and gives each screen a desk of its own, through
textual-serve.

    DeskServer(config, door, command).serve()      # until a signal ends it

What textual-serve brings is the terminal in the page and the way its frames travel. Everything that keeps strangers
out is here: `addresses` (by which name the desk may be asked for, and from which page), `tickets` (who is signed in),
`child` (a desk as a process, without a shell and without the operator's environment).
"""
