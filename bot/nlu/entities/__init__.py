"""What a citizen's message states: sums, ages, dates, persons, places, plain numbers.

Parsers with tests, not a trained model: "1tr5" has one meaning, and a wrong one costs a benefit.
"""
