import pytest

from bot.text.storable import storable


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("hộ\x00 nghèo", "hộ nghèo"),
        ("con em \ud83d", "con em "),
        ("👶 1\nsinh năm 2020", "👶 1\nsinh năm 2020"),
    ],
)
def test_only_what_no_database_can_hold_is_left_out(given: str, held: str) -> None:
    assert storable(given) == held
