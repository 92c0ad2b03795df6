"""Reports as lines for a terminal, one file a kind of block: plain functions of a block and a width.

The screens paint the lines in the colours of a theme; the commands print their text.
"""
