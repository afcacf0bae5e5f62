"""The page of the real program: recorded chat goes in, a browser looks at what comes out."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from chatpulse.simulation.core.truth import Truth
from tests.browser.test_page import picture
from tests.conftest import PROGRAM

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHANNEL = "voltarena"
MARKUP = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"


@pytest.fixture
def url(
    recording: Callable[..., tuple[Path, Truth]],
    answer: Callable[..., Any],
    tmp_path: Path,
    environment: dict[str, str],
) -> Iterator[str]:
    """Where `chatpulse serve` shows a replayed evening, at the end of which somebody says markup."""
    path, _ = recording(seconds=70)
    hostile = tmp_path / "hostile.irc"
    hostile.write_text(
        f"@id=00000000-0000-4000-8000-000000000001;room-id=9;user-id=8;display-name=<i>mallory</i>;"
        f"tmi-sent-ts=1790000070500 :mallory!mallory@mallory.tmi.twitch.tv PRIVMSG #{CHANNEL} :{MARKUP}\n"
    )
    answer("replay", path, hostile, "--speed", "max", "--no-web", "--data", tmp_path / "chat")
    arguments = [str(PROGRAM), "serve", "--port", "0", "--data", str(tmp_path / "chat")]
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = re.search(r"http://\S+/", server.stderr.readline())
        assert found is not None
        yield found[0].rstrip("/")
        server.terminate()


def test_the_page_shows_what_the_api_says_and_markup_as_text(url: str, page: Page) -> None:
    page.goto(f"{url}/")
    page.get_by_role("tab", name=re.compile(CHANNEL)).click()
    expect(page.locator(".message").first).to_be_visible()

    sixty = httpx.get(f"{url}/api/windows?channel={CHANNEL}&size=60").json()[0]
    totals = httpx.get(f"{url}/api/summary").json()["totals"]
    assert sixty["messages"] > 100
    expect(page.locator("#chatters")).to_have_text(f"{sixty['chatters']:,}")
    expect(page.locator("#mood")).to_have_text(f"{sixty['valence']:+.2f}".replace("-", "\N{MINUS SIGN}"))
    expect(page.locator("#reaction-hype")).to_have_text(f"{sixty['reactions']['hype']:,}")
    expect(page.locator("body")).to_contain_text(f"{totals['stored']:,} stored")
    expect(page.locator(".message").last).to_contain_text(MARKUP)
    assert page.title() != "broken"
    picture(page, "program")
