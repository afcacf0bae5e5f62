"""The page in a real browser, over a state that the test moves by hand.

With CHATPULSE_SCREENSHOTS set to a folder, pictures of the page are left there.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from chatpulse.domain.chat import ModerationKind
from chatpulse.domain.live import FeedItem, Mode
from tests.web.fake_state import FakeState
from tests.web.running import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARKUP = "<img src=x onerror=\"document.title='broken'\"> <script>document.title='broken'</script> <b>bold</b>"


@pytest.fixture
def state() -> FakeState:
    return FakeState()


@pytest.fixture
def served(state: FakeState) -> Iterator[Running]:
    with running(state) as server:
        yield server


@pytest.fixture
def board(page: Page, served: Running) -> Page:
    page.goto(served.url)
    expect(page.locator(".message")).to_have_count(50)
    return page


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("CHATPULSE_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_the_page_draws_itself(board: Page) -> None:
    expect(board.locator("[role=tab]")).to_have_count(3)
    expect(board.locator("#health")).to_contain_text("connected")
    expect(board.locator("#health-lost")).to_have_text("lost 0")
    expect(board.locator("#mode")).to_have_text("Demo: simulated chat")
    lines = board.locator(".curve .plot .line").evaluate_all("paths => paths.map(p => p.getAttribute('d').length)")
    assert min(lines) > 1000


def test_numbers_on_the_page_equal_the_apis(board: Page, served: Running) -> None:
    ten, sixty = (httpx.get(f"{served.url}/api/windows?channel=otterlagoon&size={size}").json()[0] for size in (10, 60))
    health = httpx.get(f"{served.url}/healthz").json()

    for name, text in {
        "rate": f"{ten['messages'] / 10:.1f}",
        "chatters": f"{sixty['chatters']:,}",
        "hype": f"{ten['hype']:.0f}",
        "mood": f"{sixty['valence']:+.2f}".replace("-", "\N{MINUS SIGN}"),
        "unsure": f"{sixty['unsure']:.0%}".replace("%", " %"),
        "count-subs": str(sixty["subs"]),
        "count-bits": str(sixty["bits"]),
        "reaction-laughter": f"{sixty['reactions']['laughter']:,}",
        "health-quarantined": f"quarantined {health['quarantined']}",
        "health-lag": f"lag {health['lag_s']:.1f} s",
    }.items():
        expect(board.locator(f"#{name}")).to_have_text(text)


def test_markup_in_chat_shows_as_text(board: Page, state: FakeState) -> None:
    channel = state.boards["otterlagoon"]
    channel.say(state.now_s, MARKUP, user_name="<i>mallory</i>")
    channel.happen(FeedItem(id="x", ts_us=state.now_s * 1_000_000, kind="<b>", text=MARKUP))

    expect(board.locator(".message").last.locator(".said")).to_have_text(MARKUP)
    expect(board.locator(".message").last.locator(".user")).to_have_text("<i>mallory</i>")
    expect(board.locator(".event").first.locator(".said")).to_have_text(MARKUP)
    assert board.locator("#board img, #board script, #board b b, #board i").count() == 0
    assert "broken" not in board.title()
    picture(board, "markup")


def test_it_says_plainly_when_it_is_disconnected(page: Page, state: FakeState, complaints: list[str]) -> None:
    with running(state) as served:
        page.goto(served.url)
        expect(page.locator(".message")).to_have_count(50)
        expect(page.locator("#banner")).to_be_hidden()
        # From here on only the button brings the page back.
        page.clock.install()
        page.clock.pause_at("2030-01-01")
    expect(page.locator("#banner")).to_contain_text("Disconnected from chatpulse. The page shows chat up to")
    expect(page.locator("#health-state")).to_have_text("page disconnected")
    expect(page.locator("#mode")).to_have_text("Disconnected")
    assert page.title() == "disconnected · chatpulse"
    greys = page.locator("#board, #channels").evaluate_all("parts => parts.map(part => getComputedStyle(part).filter)")
    assert greys == ["grayscale(1)", "grayscale(1)"]
    picture(page, "disconnected")

    state.step()
    with running(state, port=served.server.port):
        page.get_by_role("button", name="Try now").click()
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator("#health-state")).to_have_text("connected")
        expect(page.locator("#mode")).to_have_text("Demo: simulated chat")
        expect(page.locator(".message")).to_have_count(50)
        assert page.title().startswith("otterlagoon · ")
        page.goto("about:blank")

    assert all("WebSocket" in complaint for complaint in complaints)
    complaints.clear()


def test_it_comes_back_by_itself_to_the_same_channel(page: Page, state: FakeState, complaints: list[str]) -> None:
    with running(state) as served:
        page.goto(f"{served.url}#tinyarcade")
        expect(page.locator("[role=tab][aria-selected=true] .name")).to_have_text("tinyarcade")
    expect(page.locator("#banner")).to_be_visible()
    with running(state, port=served.server.port):
        expect(page.locator("#banner")).to_be_hidden(timeout=15_000)
        expect(page.locator("[role=tab][aria-selected=true] .name")).to_have_text("tinyarcade")

    complaints.clear()


def test_a_channel_that_is_gone_gives_way_to_one_that_is_there(
    page: Page, served: Running, complaints: list[str]
) -> None:
    page.goto(f"{served.url}#long_gone")

    expect(page.locator("[role=tab][aria-selected=true] .name")).to_have_text("otterlagoon")
    complaints.clear()


def test_channels_switch_by_keyboard(board: Page, served: Running) -> None:
    board.locator("[role=tab][aria-selected=true]").focus()
    board.keyboard.press("ArrowRight")

    expect(board.locator("[role=tab][aria-selected=true] .name")).to_have_text("nightshift")
    rate = httpx.get(f"{served.url}/api/windows?channel=nightshift&size=10").json()[0]["messages"] / 10
    expect(board.locator("#rate")).to_have_text(f"{rate:.1f}")
    expect(board.locator(".message")).to_have_count(50)
    assert board.url.endswith("#nightshift")


def test_the_address_names_the_channel(board: Page) -> None:
    board.get_by_role("tab", name="tinyarcade").click()
    board.locator(".skip").focus()
    board.keyboard.press("Enter")

    expect(board.locator("#chat")).to_be_focused()
    assert board.url.endswith("#tinyarcade")
    board.evaluate("() => { location.hash = 'nightshift'; }")
    expect(board.locator("[role=tab][aria-selected=true] .name")).to_have_text("nightshift")


def test_what_changed_is_added_once(board: Page, state: FakeState, served: Running) -> None:
    for _ in range(4):
        state.step()
        board.wait_for_timeout(600)
    said = [line["text"] for line in httpx.get(f"{served.url}/api/messages?channel=otterlagoon").json()]

    expect(board.locator(".message").last.locator(".said")).to_have_text(said[-1])
    shown = board.locator(".message .said").all_text_contents()
    assert shown[-50:] == said
    assert len(shown) == 98


def test_the_page_stays_small(board: Page, state: FakeState) -> None:
    before = board.evaluate("() => document.querySelectorAll('*').length")
    for _ in range(12):
        for _ in range(30):
            state.step()
        board.wait_for_timeout(550)

    expect(board.locator(".message")).to_have_count(100)
    assert board.locator(".event").count() <= 60
    points = board.locator("#curve-rate .line").get_attribute("d") or ""
    assert 250 <= points.count("L") <= 300
    assert board.evaluate("() => document.querySelectorAll('*').length") < before + 1200


def test_the_reason_shows_on_hover_and_on_focus(board: Page, state: FakeState) -> None:
    line = next(line for _, line in reversed(state.boards["otterlagoon"].messages) if line.tokens)
    row = board.locator(".message").filter(has_text=line.text).last
    reason = board.locator("#reason")

    row.hover()
    expect(reason).to_contain_text(line.tokens[0][0])
    expect(reason).to_contain_text(f"{line.confidence:.0%}".replace("%", " %"))
    picture(board, "reason")
    board.mouse.move(5, 5)
    expect(reason).to_be_hidden()

    board.locator("#messages").focus()
    expect(board.locator(".message").last).to_be_focused()
    expect(reason).to_be_visible()
    board.keyboard.press("ArrowUp")
    expect(board.locator(".message").nth(48)).to_be_focused()
    expect(board.locator(".message").nth(48)).to_have_attribute("aria-describedby", "reason")
    board.keyboard.press("Shift+Tab")
    assert board.evaluate("() => document.activeElement.closest('.messages') === null")


def test_chat_stands_still_while_it_is_read(board: Page, state: FakeState) -> None:
    board.locator(".message").nth(45).hover()
    state.step()

    more = board.locator("#more")
    expect(more).to_have_text("12 new messages ↓")
    expect(board.locator(".message")).to_have_count(50)
    more.click()
    expect(board.locator(".message")).to_have_count(62)
    expect(more).to_be_hidden()


def test_more_messages_than_the_page_holds_are_not_counted(board: Page, state: FakeState) -> None:
    board.locator(".message").nth(45).hover()
    for _ in range(9):
        state.step()

    expect(board.locator("#more")).to_have_text("50+ new messages ↓")
    board.locator("#more").click()
    expect(board.locator("#more")).to_be_hidden()


def test_a_removed_message_is_struck_through_also_when_it_is_older_than_what_the_page_holds(
    board: Page, state: FakeState
) -> None:
    channel = state.boards["otterlagoon"]
    target = channel.messages[-5][1]
    board.locator(".message").nth(45).hover()
    for _ in range(6):
        for _ in range(5):
            state.step()
        board.wait_for_timeout(550)
    channel.delete(target.id)

    expect(board.locator("#more")).to_have_text("50+ new messages ↓")
    expect(board.locator(".message").nth(45).locator("del.said")).to_have_text(target.text)


def test_chat_waits_when_it_is_scrolled_up(board: Page, state: FakeState) -> None:
    board.locator("#messages").evaluate("list => { list.scrollTop = 0; }")
    state.step()

    expect(board.locator("#more")).to_have_text("12 new messages ↓")
    board.locator("#messages").evaluate("list => { list.scrollTop = list.scrollHeight; }")
    expect(board.locator(".message")).to_have_count(62)


def test_a_removed_message_is_struck_through(board: Page, state: FakeState) -> None:
    channel = state.boards["otterlagoon"]
    channel.delete(channel.messages[-2][1].id)

    row = board.locator(".message").nth(48)
    expect(row.locator("del.said")).to_have_text(channel.messages[-2][1].text)
    expect(row).to_contain_text(ModerationKind.DELETE.value + "d")
    expect(board.locator("del")).to_have_count(1)


def test_charts_answer_to_arrow_keys(board: Page, state: FakeState) -> None:
    chart = board.locator("#curve-rate [role=slider]")
    chart.focus()
    board.keyboard.press("End")
    board.keyboard.press("ArrowLeft")

    before_last = state.boards["otterlagoon"].seconds[-2][1]
    assert f"{before_last.messages} messages" in (chart.get_attribute("aria-valuetext") or "")
    expect(board.locator("#curve-mood .tip")).to_be_visible()
    picture(board, "crosshair")
    board.keyboard.press("Escape")
    expect(board.locator("#curve-mood .tip")).to_be_hidden()


def test_a_chart_in_focus_does_not_talk_by_itself(board: Page, state: FakeState) -> None:
    chart = board.locator("#curve-rate [role=slider]")
    chart.focus()
    before = chart.get_attribute("aria-valuetext")
    shape = board.locator("#curve-rate .line").get_attribute("d")
    state.step()

    expect(board.locator("#curve-rate .line")).not_to_have_attribute("d", shape or "")
    assert chart.get_attribute("aria-valuetext") == before
    assert re.match(r"\d\d:\d\d:\d\d: \d+ messages", before or "")


def test_trouble_is_shown_with_its_reason(board: Page, state: FakeState) -> None:
    state.failing = "the disk that holds the record is full: make room, reading goes on by itself"

    expect(board.locator("#banner")).to_have_text(f"Something is wrong. {state.failing}")
    picture(board, "failing")
    state.failing = ""
    expect(board.locator("#banner")).to_be_hidden()


def test_a_page_of_another_site_gets_nothing(page: Page, served: Running, complaints: list[str]) -> None:
    page.goto("about:blank")

    opened = page.evaluate(
        """address => new Promise(tell => {
            const socket = new WebSocket(`ws://${address}/ws`);
            socket.onmessage = () => tell('frame');
            socket.onclose = () => tell('closed');
        })""",
        served.address,
    )
    read = page.evaluate("url => fetch(url).then(r => r.text(), () => 'refused')", f"{served.url}/api/summary")

    assert (opened, read) == ("closed", "refused")
    assert len(complaints) >= 2
    complaints.clear()


def test_stored_chat_is_not_called_live(page: Page) -> None:
    with running(FakeState(mode=Mode.STORED)) as served:
        page.goto(served.url)

        expect(page.locator("#mode")).to_contain_text("Stored data up to 2")
        expect(page.locator("#health-state")).to_have_text("not collecting")
        expect(page).to_have_title("otterlagoon · stored · chatpulse")
        assert "now" not in page.locator("#board").inner_text().split()
        page.goto("about:blank")


def test_a_page_without_chat_says_so(page: Page) -> None:
    with running(FakeState(("silence",), seconds=0)) as served:
        page.goto(served.url)

        expect(page.locator("#rate")).to_have_text("\N{EN DASH}")
        expect(page.locator("#messages")).to_have_attribute("data-empty", "Nobody has said anything yet.")
        picture(page, "empty")
        page.goto("about:blank")


def test_trends_say_plainly_that_there_is_no_baseline_yet(page: Page) -> None:
    state = FakeState(seconds=50)
    with running(state) as served:
        page.goto(served.url)

        trends = page.locator(".trends")
        expect(trends.locator("h2")).to_have_text("Trending 60 s, no baseline yet")
        expect(trends.locator("h3").first).to_have_text("Emotes messages")
        expect(trends.locator(".lift")).to_have_text([""] * 10)
        expect(trends.locator("li").first).to_have_attribute("title", re.compile("in 60 s, no baseline yet$"))
        picture(page, "no-baseline")

        for _ in range(20):
            state.step()
        expect(trends.locator("h2")).to_have_text("Trending 60 s against what is usual here")
        expect(trends.locator(".lift").first).to_have_text("4.2\N{MULTIPLICATION SIGN}")
        page.goto("about:blank")


def test_the_token_opens_the_page(page: Page, complaints: list[str]) -> None:
    with running(FakeState(), token="otter & pond") as served:
        page.goto(served.url)
        picture(page, "token")
        assert complaints == ["Failed to load resource: the server responded with a status of 401 (Unauthorized)"]
        complaints.clear()
        page.get_by_label("Token").fill("otter & pond")
        page.get_by_role("button", name="Open").click()

        expect(page.locator(".message")).to_have_count(50)
        assert page.url == f"{served.url}/"
        page.goto("about:blank")


def test_a_page_whose_token_is_no_longer_good_asks_for_it(page: Page, complaints: list[str]) -> None:
    with running(FakeState(), token="otter") as served:
        page.goto(f"{served.url}/?token=otter")
        expect(page.locator(".message")).to_have_count(50)
    with running(FakeState(), token="badger", port=served.server.port):
        expect(page.get_by_label("Token")).to_be_visible(timeout=15_000)
        page.get_by_label("Token").fill("weasel")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("alert")).to_have_text("That was not the token.")
        page.get_by_label("Token").fill("badger")
        page.get_by_role("button", name="Open").click()
        expect(page.locator(".message")).to_have_count(50)
        page.goto("about:blank")
    complaints.clear()


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize(
    ("width", "height"), [(360, 780), (900, 1100), (1280, 800), (1280, 881), (1366, 700), (1920, 1080)]
)
def test_nothing_sticks_out(
    page: Page, state: FakeState, served: Running, *, scheme: str, width: int, height: int
) -> None:
    channel = state.boards["otterlagoon"]
    channel.say(state.now_s, "W" * 500, user_name="w" * 25)
    channel.say(state.now_s, "z" + "\u0335\u0341\u0322" * 150, user_name="\u202emoor")
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(served.url)
    expect(page.locator(".message")).to_have_count(50)
    page.wait_for_timeout(300)

    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    heights = page.locator(".message").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) < 110
    assert min(page.locator(".card").evaluate_all("cards => cards.map(card => card.offsetHeight)")) > 90
    assert min(page.locator(".chart").evaluate_all("charts => charts.map(chart => chart.clientHeight)")) >= 64
    spilt = page.locator(".card, .tile").evaluate_all(
        "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1).map(card => card.className)"
    )
    assert spilt == []
    picture(page, f"{width}x{height}-{scheme}")
    if width < 1000 and os.environ.get("CHATPULSE_SCREENSHOTS"):
        page.screenshot(path=Path(os.environ["CHATPULSE_SCREENSHOTS"]) / f"{width}-{scheme}-whole.png", full_page=True)
