"""What runs inside Rasa: pipeline components, the input channel and the tracker store.

Imports nothing of ``bot`` but ``bot.text``: Rasa's environment holds no other part of it.
"""
