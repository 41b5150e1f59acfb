"""Style sheets, scripts and icon sprites as heavy as a real site's; page.py puts them around the articles."""

from __future__ import annotations

from functools import cache

from newsbot.demo.draw import draw

_ICONS = (
    "bookmark",
    "camera",
    "check",
    "chevron down",
    "chevron left",
    "close",
    "download",
    "edit",
    "file",
    "filter",
)
_MORE_ICONS = (
    "flag",
    "mail",
    "move",
    "music",
    "mute",
    "pause",
    "play",
    "search",
    "share",
    "sign in",
    "tag",
    "trash",
)
_PROPERTIES = (
    "margin:0 {}px",
    "padding:{}px 0",
    "font-size:{}px",
    "line-height:1.{}",
    "color:#{:02x}4a6c",
    "width:{}%",
    "border-radius:{}px",
    "transition:opacity .{}s ease-in-out",
)


@cache
def style(design: str, size: int) -> str:
    """Return about `size` characters of CSS."""
    rng, rules, written = draw(0, "style", design), list[str](), 0
    while written < size:
        name = f".{design}-{rng.choice(_ICONS + _MORE_ICONS).replace(' ', '-')}__{rng.randrange(999)}"
        inner = ";".join(rng.choice(_PROPERTIES).format(rng.randrange(90)) for _ in range(4))
        rules.append(f"{name},{name}:hover{{{inner}}}")
        written += len(rules[-1])
    return "\n".join(rules)


@cache
def script(design: str, size: int) -> str:
    """Return about `size` characters of JavaScript that does nothing a reader sees."""
    rng, lines, written = draw(0, "script", design), list[str](), 0
    while written < size:
        first, second = rng.randrange(9999), rng.randrange(9999)
        lines.append(
            f'window.{design}=window.{design}||{{}};(function(a,b){{if(a<b&&a.length){{a["slot-{first}"]='
            f'{{"w":{second},"h":{first % 600},"label":"<p>slot {second}</p>"}};}}}})({design},{second});'
        )
        written += len(lines[-1])
    return "\n".join(lines)


@cache
def sprite(design: str) -> str:
    """Return an svg sprite whose symbols have titles, as they run together when a page is flattened to text."""
    rng, symbols = draw(0, "sprite", design), list[str]()
    for icon in _ICONS + _MORE_ICONS:
        points = " ".join(
            f"{rng.choice('MLHVC')}{rng.random() * 24:.2f} {rng.random() * 24:.2f}" for _ in range(24)
        )
        symbols.append(
            f'<symbol id="{design}-{icon.replace(" ", "-")}" viewBox="0 0 24 24"><title>icon {icon}</title>'
            f'<path d="{points}z"/></symbol>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" style="display:none" aria-hidden="true">{"".join(symbols)}</svg>'
