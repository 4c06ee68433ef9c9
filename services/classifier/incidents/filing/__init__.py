"""Where incidents are filed, and which few of those that stand there are worth reading whole.

It only ever leaves out what ``matching`` would refuse; what may be one thing is read, and decided there.
"""
