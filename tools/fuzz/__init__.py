"""`make fuzz`: every door that takes text from outside is given a hundred thousand inputs, none of them well meant.

    python -m tools.fuzz                                   every target, 100,000 inputs each
    python -m tools.fuzz imports smpp --inputs 5000 --seed 7
    python -m tools.fuzz --list

What is looked for: an exception that is not the desk's own, an input that takes longer than a second, memory that
grows. Guided by coverage where atheris is installed, else by a mutator of its own over the same samples; the same seed
gives the same inputs. A target is a row of `tools/fuzz/targets`.
"""
