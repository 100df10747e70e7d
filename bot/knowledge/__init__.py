"""What An Sinh knows: policy tables, FAQ, places, the eligibility engine and retrieval."""
