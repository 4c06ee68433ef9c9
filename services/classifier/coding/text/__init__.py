"""An article in, its sentences, words and numbers out, each with its place in the text."""
