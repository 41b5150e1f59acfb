"""newsbot.clean.rules: what goes, and what must stay."""

from __future__ import annotations

from typing import Any

import pytest

from newsbot.clean import clean
from newsbot.clean.rules import (
    NOTICE,
    RULES,
    RULES_OF_LONG,
    RULES_OF_MIDDLING,
    SHORT,
    Scene,
    apply_rules,
    look_at,
)
from newsbot.dedup.exact import fold
from newsbot.items import Article, Block

PROSE = "The board bought a ferry on Monday, after four years of talks, and nobody has seen it afloat."


def reason_of(text: str, role: str = "body", tag: str = "p", **fields: Any) -> str | None:
    """Return why a block that stands amid text is dropped, None where it stays."""
    block = Block(text, tag=tag, role=role)
    article = Article(
        blocks=[Block(PROSE), block, Block("Another thing altogether was said on Tuesday, and denied.")]
    )
    for name, value in fields.items():
        setattr(article, name, value)
    apply_rules(article)
    assert article.blocks[0].kept and article.blocks[2].kept
    return block.reason


GONE = {
    "icons": ["icon bookmark-bicon bookmarkicon cameraicon check", "icon-fb icon-tw icon-mail icon-print"],
    "related": [
        "Also on tide.example Pilots raise eyebrows as board picks a retired lighthouse keeper",
        "READ MORE: Storm takes the roof off the customs house",
        "Read more: Why is the night crossing at risk?",
        "Related: Storm takes the roof off the customs house",
        "Lesen Sie auch: Sturm deckt Zollhaus ab",
        "Lire aussi : La tempête emporte le toit",
        "Lea también | La tormenta se lleva el tejado",
        "Читайте также: Буря сорвала крышу",
        "Διαβάστε επίσης: Η καταιγίδα πήρε τη στέγη",
        "اقرأ أيضا: العاصفة تقتلع السقف",
        "यह भी पढ़ें: तूफान ने छत उड़ाई",
        "相关阅读：风暴掀翻了海关大楼的屋顶",
        "関連記事：嵐が税関の屋根を飛ばした",
        "Baca juga: Badai menerbangkan atap",
    ],
    "prompts": [
        "Think your friends would be interested? Share this story!",
        "Like this story? Share it with a friend!",
        "Follow Tidewater on Telegram",
        "Subscribe to our newsletter to get stories like this every morning.",
        "Folgen Sie uns auf Facebook und Instagram!",
        "Abonnez-vous pour recevoir nos articles.",
        "Подписывайтесь на наш канал",
        "Suscríbete para leer más",
        "Zapisz się na newsletter",
        "关注我们的公众号",
    ],
    "labels": ["Advertisement", "ANZEIGE", "Share", "Facebook Twitter WhatsApp", "Publicidad", "Реклама", "広告", "•••"],
    "notices": [
        "© 2024 Tidewater. All rights reserved.",
        "Your email address will not be published. Required fields are marked *",
        "Alle Rechte vorbehalten.",
        "We use cookies to improve your visit.",
    ],
    "captions": [
        "Photo: Una Quayle / Tidewater", "Photo by Una Quayle", "Photos courtesy of the pilots", "Foto: dpa",
        "Getty Images", "Reuters/AFP", "Фото: РИА Новости", "Bild: Imago",
    ],
    "times": ["Published 3 May 2024, 11:42", "May 3, 2024 5:06 pm", "Updated 5 minutes ago", "3 min read", "Stand: 3. Mai 2024"],
    "addresses": ["https://tide.example/ferry", "news@tide.example"],
    "doubled": [PROSE],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in GONE.items() for text in texts])
def test_what_goes(rule: str, text: str) -> None:
    assert reason_of(text) == f"clean/{rule}"


STAYS = [
    "Also on Tuesday, the pilots met.",
    "“Share this story with your children,” the pilot told the islanders.",
    "„Folgen Sie uns“, rief der Lotse.",
    "Video games are played on board.",
    "More: a life in letters",
    "See the sea",
    "By the harbour they waited",
    "Photo shoots are not allowed on the quay.",
    "The share of islanders who commute has doubled since the bridge was closed.",
    "He read more than he wrote, his widow said, and he wrote more than he sold.",
    "The ferry sank on 3 May 2008.",
    "What it cost",
    "In 2019",
    "Print is dead, long live print.",
    "Photo composition techniques",
    "Credits expire after 12 months",
    "The yard could share it with third parties, such as insurers.",
    "A generous free plan for anyone who starts a newsletter",
    "Foto und Film waren sein Leben, sagte die Witwe, und er habe beides gehasst.",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_stays(text: str) -> None:
    assert reason_of(text) is None


def test_every_rule_is_tried_and_says_what_it_does() -> None:
    tried = {*GONE, "repeated_headline", "bylines"}
    assert {rule.__name__ for rule in RULES} == tried
    assert all(rule.__doc__ for rule in RULES)


def test_a_value_in_a_table_is_no_button() -> None:
    assert reason_of("Instagram") == "clean/labels"
    assert reason_of("Instagram", tag="td") is None


def test_a_long_block_is_never_a_prompt() -> None:
    assert reason_of(PROSE * 4 + " Share this story!") is None


def test_short_texts_in_lists_and_tables_are_the_matter_itself() -> None:
    assert reason_of("Video: 4K, 30 frames and slow motion", tag="li", role="list") is None
    assert reason_of("May 7, 2026", tag="td") is None


def test_the_headline_repeated_goes_with_the_sites_name_or_without() -> None:
    headline = "Islanders see their ferry"
    for text in (headline, "ISLANDERS SEE THEIR FERRY", "Islanders see their ferry | The Tide"):
        assert reason_of(text, headline=headline, site_names=["The Tide"]) == "clean/repeated_headline"
    assert reason_of("Islanders see their ferry sink", headline=headline) is None


def test_bylines_go_where_the_name_is_an_authors() -> None:
    names: dict[str, Any] = {"authors": ["Jane Doe"], "credited": ["Jane Doe", "Tide"]}
    for text in ("By Jane Doe", "Jane Doe", "Von Jane Doe, Hafenstadt"):
        assert reason_of(text, **names) == "clean/bylines"
    assert reason_of("By John Roe", **names) is None
    assert reason_of("Jane Doe was there.", **names) is None
    assert reason_of("whoever", role="byline") == "clean/bylines"


def test_captions_marked_as_such_go() -> None:
    assert reason_of("The boat comes in at first light.", role="caption") == "clean/captions"


def test_a_repetition_far_off_goes_only_if_it_is_long() -> None:
    again = Article(
        blocks=[
            Block("Nobody came. Nobody at all."),
            Block(PROSE),
            Block("A third."),
            Block("Nobody came. Nobody at all."),
        ]
    )
    apply_rules(again)
    assert [block.kept for block in again.blocks] == [True] * 4


def test_counters_and_reasons_agree() -> None:
    article = Article(
        blocks=[
            Block(PROSE),
            Block("Advertisement"),
            Block("Share"),
            Block("Dropped before", kept=False, reason="extract/model"),
        ]
    )
    clean(article)
    assert article.counters == {"clean/labels": 2}
    assert [block.reason for block in article.blocks] == [
        None,
        "clean/labels",
        "clean/labels",
        "extract/model",
    ]
    assert article.body == PROSE


def test_a_shown_standfirst_becomes_the_description_and_leaves_the_body() -> None:
    article = Article(description="Declared.", blocks=[Block("Shown lead.", role="standfirst"), Block(PROSE)])
    clean(article)
    assert (article.description, article.body, article.provenance["description"]) == (
        "Shown lead.",
        PROSE,
        "standfirst",
    )
    clean(again := Article(description="Declared.", blocks=[Block(PROSE)]))
    assert (again.description, again.provenance) == ("Declared.", {})


def test_a_text_without_end_is_dropped() -> None:
    article = Article(blocks=[Block(PROSE), Block("word " * 300_000), Block("Behind it.")])
    clean(article)
    assert article.body == PROSE
    assert article.counters == {"clean/endless": 2}


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (("main>p", "main>p"), None),
        (("main>p", "aside>p"), "clean/doubled"),
        (("", ""), "clean/doubled"),
    ],
)
def test_what_is_said_again_in_the_same_kind_of_place_is_the_matter_itself(
    paths: tuple[str, str], reason: str | None
) -> None:
    blocks = [Block(PROSE, path=path) for path in paths]
    apply_rules(Article(blocks=blocks))
    assert [block.reason for block in blocks] == [None, reason]


@pytest.mark.parametrize(
    "start", [text for texts in GONE.values() for text in texts] + ["— ", "5 May 2024, "]
)
@pytest.mark.parametrize(("size", "shown"), [(SHORT + 1, RULES_OF_MIDDLING), (NOTICE + 1, RULES_OF_LONG)])
def test_rules_that_a_longer_block_is_not_shown_to_say_no(start: str, size: int, shown: Any) -> None:
    scene = Scene(headline=fold(start), authors=frozenset({fold(start)}))
    for filling in (" and so on", " 5", " —", f" {start}"):
        text = (start + filling * size)[: size - 1] + "."
        look = look_at(Block(text), fold(text))
        assert [rule for rule in RULES if rule not in shown and rule(look, scene)] == []


def test_the_body_is_handed_on_folded() -> None:
    texts = ["A HEADLINE", "Standfirst.", PROSE, "—", "It’s “said” again: ½ été…", PROSE + " Share"]
    roles = ["headline", "standfirst", "body", "body", "quote", "body"]
    article = Article(blocks=[Block(text, role=role) for text, role in zip(texts, roles, strict=True)])
    clean(article)
    assert article.body is not None and article.body.count("\n\n") == 2
    assert article.folded == fold(article.body)
