"""Whether the page's colours can be read, by the formula of WCAG 2.2 (1.4.3)."""

import re

import pytest

from chatpulse.web.assets import load_assets

CSS = load_assets()["app.css"].body.decode()


def colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, flags=re.DOTALL)[:2]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark if scheme == "dark" else light))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "card", "raised", "positive-wash", "negative-wash"])
def test_text_stands_out_from_every_ground(scheme: str, ground: str) -> None:
    palette = colours(scheme)

    for ink in ("text", "muted", "accent", "positive", "negative", "hype", "rate", "bad"):
        assert contrast(palette[ink], palette[ground]) >= 4.5, ink


def test_faint_is_for_lines_and_no_text() -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", CSS)

    assert [name.strip() for name, rule in rules if re.search(r"(?<![\w-])color: var\(--faint\)", rule)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_while_the_page_is_disconnected(scheme: str) -> None:
    palette = colours(scheme)
    found = re.search(r"\.stale [^{]*\{[^}]*opacity: ([\d.]+)", CSS)
    assert found is not None

    text, card = (mixed(palette[name], palette["page"], float(found[1])) for name in ("muted", "card"))

    assert contrast(text, card) >= 4.5


def mixed(colour: str, ground: str, opacity: float) -> str:
    parts = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(over * opacity + under * (1 - opacity)):02x}" for over, under in parts)
