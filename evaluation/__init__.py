"""How well citizens are understood: real and made-up questions sent through the whole running stack."""
