"""Facts in, findings out.

Each file looks at one part of the installation and judges it apart from the looking: what is the matter, in
one sentence, and what to do next. Changes nothing, starts nothing, makes no directory.
"""
