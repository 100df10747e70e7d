"""What an administrator does with officers, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.console.parts import PREFIX
from bot.console.roles import Role
from tests.console.conftest import PASSWORD, Browser, Site
from tests.postgres import BOTH, address_of


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return address_of(request, tmp_path)


@pytest.fixture
async def admin(site: Site, browser: Browser) -> Browser:
    site.person("chu", Role.ADMINISTRATOR)
    await browser.sign_in("chu")
    return browser


def given_password(text: str) -> str:
    return text.split('class="secret"><code>')[1].split("<", maxsplit=1)[0]


async def test_a_new_officer_comes_in_with_the_password_shown_once(site: Site, admin: Browser) -> None:
    answer = await admin.post("/new-officer", login="Lan.Pham", name="Phạm  Thị Lan", roles="editor")
    password = given_password(answer.text)
    assert password not in (await admin.get("/officers/lan.pham")).text
    assert password not in repr(vars(site.row("lan.pham")))
    assert (site.row("lan.pham").name, site.row("lan.pham").roles) == ("Phạm Thị Lan", ["editor"])
    other = site.browser()
    assert (await other.sign_in("lan.pham", password)).status == 303
    assert (await other.get("/")).leads_to == f"{PREFIX}/account/password"


@pytest.mark.parametrize(
    ("login", "said"),
    [("chu", "đã có người dùng"), ("Võ Minh", "Đã nhập: “võ minh”"), ("a" * 33, "1 đến 32"), ("", "Hãy điền ô này")],
)
async def test_a_login_that_will_not_do_is_named(admin: Browser, login: str, said: str) -> None:
    answer = await admin.post("/new-officer", login=login, name="Ai Đó", roles="editor")
    assert (answer.status, said in answer.text) == (422, True)


async def test_an_officer_has_a_role(admin: Browser) -> None:
    for path, fields in (("/new-officer", {"login": "lan"}), ("/officers/chu", {})):
        answer = await admin.post(path, name="Ai Đó", **fields)
        assert (answer.status, "Hãy chọn ít nhất một vai trò" in answer.text) == (422, True), path


async def test_roles_change_at_the_next_click(site: Site, admin: Browser) -> None:
    site.person("lan", Role.EDITOR)
    lan = site.browser()
    await lan.sign_in("lan")
    assert (await lan.get("/audit")).status == 403
    await admin.get("/officers/lan")
    await admin.post("/officers/lan", name="Cán bộ lan", roles="approver")
    assert (await lan.get("/audit")).status == 200
    assert site.acts()[-1] == ("chu", "change", "lan")
    before = len(site.acts())
    await admin.post("/officers/lan", name="Cán bộ lan", roles="approver")
    assert len(site.acts()) == before, "what changes nothing is no act"


async def test_a_role_that_does_not_exist_is_refused(site: Site, admin: Browser) -> None:
    site.person("lan", Role.EDITOR)
    assert (await admin.post("/officers/lan", name="Lan", roles="king")).status == 422
    assert site.row("lan").roles == ["editor"]


async def test_the_last_administrator_stays(site: Site, admin: Browser) -> None:
    await admin.get("/officers/chu")
    answer = await admin.post("/officers/chu", name="Chủ", roles="editor")
    assert "ít nhất một quản trị viên" in answer.text
    await admin.post("/officers/chu/deactivate")
    assert "ít nhất một quản trị viên" in (await admin.get("/officers/chu")).text
    assert (site.row("chu").roles, site.row("chu").active) == (["administrator"], True)
    site.person("hai", Role.ADMINISTRATOR)
    await admin.post("/officers/chu", name="Chủ", roles="editor")
    assert site.row("chu").roles == ["editor"]


async def test_out_of_service_and_back(site: Site, admin: Browser) -> None:
    site.person("lan")
    await admin.post("/officers/lan/deactivate")
    other = site.browser()
    assert (await other.sign_in("lan")).status == 422
    await admin.post("/officers/lan/activate")
    assert (await other.sign_in("lan")).status == 303


async def test_nobody_of_that_name_is_a_page_not_found(admin: Browser) -> None:
    assert (await admin.get("/officers/ai")).status == 404
    for what in ("password", "unlock", "activate", "deactivate"):
        assert (await admin.post(f"/officers/ai/{what}")).status == 404


async def test_the_list_is_searched_without_accents_filtered_and_ordered(site: Site, admin: Browser) -> None:
    for number in range(30):
        site.person(f"can{number:02}", Role.EDITOR if number % 2 else Role.REVIEWER)
    page = await admin.get("/officers?q=bo+CAN0")
    assert "10 mục" in page.text
    page = await admin.get("/officers?role=editor")
    assert ("15 mục" in page.text, "can01" in page.text, "can00" in page.text) == (True, True, False)
    page = await admin.get("/officers?order=-login")
    assert page.text.index("chu<") < page.text.index("can29<") < page.text.index("can28<")
    assert "can00<" not in page.text
    assert "can00<" in (await admin.get("/officers?order=-login&page=2")).text
    for nonsense in (
        "order=nothing",
        "page=0",
        "page=%C2%B2",
        "role=king",
        "active=x",
        "export=exe",
        "page=" + "9" * 40,
    ):
        assert (await admin.get(f"/officers?{nonsense}")).status == 200, nonsense
    assert PASSWORD not in page.text
