"""The second reading: what the rules found, weighed against what the trained reader thinks of the article.

The rules propose (deeds, sides, places, numbers, each with its words); the model has a say in which of them
are meant. What neither sees is not coded, and each vote is a sum of named terms that can be read.
"""
