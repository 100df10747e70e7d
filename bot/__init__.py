"""An Sinh, the citizen-policy assistant of Quảng Ngãi."""
