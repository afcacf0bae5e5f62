import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from chatpulse.domain.live import Frame, WindowStats
from tests.web.fake_state import FakeState
from tests.web.running import Running, running


@pytest.fixture(scope="module")
def state() -> FakeState:
    return FakeState(seconds=90)


@pytest.fixture(scope="module")
def served(state: FakeState) -> Iterator[Running]:
    with running(state) as server:
        yield server


def ask(served: Running, path: str) -> Any:
    answer = httpx.get(served.url + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_a_frame_is_the_domains_own_value(served: Running) -> None:
    frame = msgspec.convert(ask(served, "/api/frame?channel=nightshift"), Frame)

    assert (frame.channel, frame.after, len(frame.seconds), len(frame.messages)) == ("nightshift", 0, 90, 50)


def test_a_trend_without_a_baseline_has_no_factor() -> None:
    with running(FakeState(seconds=20)) as served:
        frame = ask(served, "/api/frame?channel=nightshift")

    assert {(trend["expected"], trend["lift"]) for trend in frame["words"]} == {(None, None)}


def test_a_frame_holds_only_what_is_new(served: Running, state: FakeState) -> None:
    seen = ask(served, "/api/frame?channel=nightshift")["seq"]
    state.step()

    frame = ask(served, f"/api/frame?channel=nightshift&after={seen}")

    assert [second["start_s"] for second in frame["seconds"]] == [state.now_s]
    assert frame["after"] == seen


def test_the_first_channel_is_shown_when_none_is_named(served: Running) -> None:
    assert ask(served, "/api/frame")["channel"] == ask(served, "/api/channels")[0]["channel"]


@pytest.mark.parametrize(("size", "count"), [(1, 91), (10, 1), (60, 1)])
def test_windows_come_in_three_sizes(served: Running, size: int, count: int) -> None:
    windows = msgspec.convert(ask(served, f"/api/windows?channel=nightshift&size={size}"), list[WindowStats])

    assert [window.size_s for window in windows][-1] == size
    assert len(windows) in {count, count - 1}


def test_messages_are_the_newest(served: Running) -> None:
    everything = ask(served, "/api/messages?channel=nightshift")

    assert ask(served, "/api/messages?channel=nightshift&limit=3") == everything[-3:]


def test_the_summary_joins_channels_counts_and_health(served: Running, state: FakeState) -> None:
    summary = ask(served, "/api/summary")

    assert [line["channel"] for line in summary["channels"]] == ["otterlagoon", "nightshift", "tinyarcade"]
    assert summary["totals"] == state.totals()
    assert summary["health"]["lost"] == 0


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        pytest.param("/api/frame?after=-1", 400, "after: ", id="a negative number"),
        pytest.param("/api/frame?after=x", 400, "after: ", id="no number"),
        pytest.param("/api/windows?size=7", 400, "size must be one of [1, 10, 60] seconds, got 7", id="no such size"),
        pytest.param("/api/messages?limit=51", 400, "limit: ", id="too many"),
        pytest.param("/api/messages?limit=0", 400, "limit: ", id="too few"),
        pytest.param("/api/frame?channel=nobody", 404, "there is no channel 'nobody'", id="no such channel"),
        pytest.param("/api/nothing", 404, "Not Found", id="no such path"),
        pytest.param("/static/../app.py", 404, "", id="a path out of the folder"),
        pytest.param("/static/%2e%2e%2fapp.py", 404, "", id="the same in disguise"),
        pytest.param("/docs", 404, "Not Found", id="the usual documentation"),
        pytest.param("/redoc", 404, "Not Found", id="the other documentation"),
    ],
)
def test_what_is_wrong_is_one_line(served: Running, path: str, status: int, error: str) -> None:
    answer = httpx.get(served.url + path)

    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith(error)
    assert "\n" not in answer.json()["error"]


def test_a_broken_state_is_a_clear_error_with_strict_headers(served: Running, state: FakeState) -> None:
    state.totals = None  # type: ignore[assignment,method-assign] # makes the handler fail
    with capture_logs() as logs:
        answer = httpx.get(f"{served.url}/api/summary?token=secret")
    del state.totals

    assert (answer.status_code, list(answer.json())) == (500, ["error"])
    assert [(entry["event"], entry["path"]) for entry in logs] == [("web.request_failed", "/api/summary")]
    assert "content-security-policy" in answer.headers


def test_health_is_green(served: Running) -> None:
    expected = {"status": "ok", "connected": True, "lag_s": 0.12, "lost": 0, "quarantined": 2}

    assert ask(served, "/healthz") == expected


def test_health_is_red_with_its_reason(served: Running, state: FakeState) -> None:
    state.failing = "the disk is full: make room"
    try:
        answer = httpx.get(f"{served.url}/healthz")
    finally:
        state.failing = ""

    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["reason"]) == ("failing", "the disk is full: make room")


def test_metrics_say_what_the_state_says(served: Running, state: FakeState) -> None:
    answer = httpx.get(f"{served.url}/metrics")

    metrics = dict(re.findall(r"^(chatpulse_\S+) (\S+)$", answer.text, flags=re.MULTILINE))
    totals = state.totals()
    assert answer.headers["content-type"].startswith("text/plain")
    assert {name: float(value) for name, value in metrics.items() if "lines" not in name} == {
        "chatpulse_stored_total": totals["stored"],
        "chatpulse_scored_total": totals["scored"],
        "chatpulse_lost_total": 0,
        "chatpulse_lag_seconds": 0.12,
        "chatpulse_connected": 1,
        "chatpulse_healthy": 1,
        "chatpulse_viewers": 0,
    }
    assert sum(float(value) for name, value in metrics.items() if "lines" in name) == totals["lines"]


def test_metrics_show_trouble(served: Running, state: FakeState) -> None:
    state.connected, state.failing = False, "the source is gone"
    text = httpx.get(f"{served.url}/metrics").text
    state.connected, state.failing = True, ""

    assert "chatpulse_connected 0.0\n" in text
    assert "chatpulse_healthy 0.0\n" in text


def test_the_api_describes_itself(served: Running) -> None:
    document = ask(served, "/openapi.json")

    assert set(document["paths"]) == {
        *("/api/channels", "/api/frame", "/api/windows", "/api/messages", "/api/summary", "/healthz"),
    }
    schema = document["paths"]["/api/frame"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Frame"}
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', httpx.get(f"{served.url}/openapi.json").text))
    assert referred <= set(document["components"]["schemas"])
    assert {"400", "200"} == set(document["paths"]["/api/windows"]["get"]["responses"])


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/static/main.js", "text/javascript; charset=utf-8"),
        ("/static/app.css", "text/css; charset=utf-8"),
        ("/static/favicon.svg", "image/svg+xml"),
    ],
)
def test_files_have_their_type_and_are_asked_for_anew(served: Running, path: str, media_type: str) -> None:
    first = httpx.get(served.url + path)
    again = httpx.get(served.url + path, headers={"If-None-Match": first.headers["etag"]})

    assert (first.status_code, first.headers["content-type"]) == (200, media_type)
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_the_page_names_only_files_that_are_there(served: Running) -> None:
    page = httpx.get(served.url).text
    modules = set(re.findall(r"/static/[\w.]+", page))
    for module in list(modules):
        modules |= {
            f"/static/{name}" for name in re.findall(r"from '\./([\w.]+)'", httpx.get(served.url + module).text)
        }

    assert {httpx.get(served.url + path).status_code for path in modules} == {200}
    assert "style=" not in page
