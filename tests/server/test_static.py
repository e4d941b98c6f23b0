"""GraphiQL works without a connection to the internet: what the browser fetches for it, this gateway serves."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import gateway

STATIC = Path(gateway.__file__).parent / "server" / "static"
GRAPHIQL = STATIC / "graphiql"
SCRIPTS = ["boot.js", "graphiql.min.js", "graphql-ws.min.js", "react-dom.production.min.js", "react.production.min.js"]
# Names of XML vocabularies, links of the help and of error messages, and licences' authors: text, none of it fetched.
# A renewed file that names another host has to be looked at before that host comes onto this list.
MENTIONED = {
    "graphiql.min.js": {"codemirror.net", "commonmark.org", "en.wikipedia.org", "github.com", "www.w3.org"},
    "react-dom.production.min.js": {"reactjs.org", "www.w3.org"},
}


class Page(HTMLParser):
    """What a page fetches, and the code it carries within itself."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data", "action", "poster"}]
        self.inline += [f"{tag} {name}" for name, _ in attrs if name.startswith("on")]
        if tag == "script" and "src" not in dict(attrs):
            self.inline.append("script")


@pytest.fixture
def page() -> Page:
    page = Page()
    page.feed((GRAPHIQL / "index.html").read_text())
    return page


def test_the_page_fetches_only_files_that_are_served_beside_it(page: Page) -> None:
    fetched = [address for address in page.addresses if not address.startswith("data:")]

    assert len(fetched) == 6
    assert [address for address in fetched if not address.startswith("/graphiql/")] == []
    assert {address.removeprefix("/graphiql/") for address in fetched} == {"graphiql.min.css", *SCRIPTS}
    assert [address for address in fetched if not (GRAPHIQL / address.removeprefix("/graphiql/")).is_file()] == []


def test_the_page_carries_no_code_within_itself_so_that_a_strict_policy_can_forbid_it(page: Page) -> None:
    assert page.inline == []


def test_the_style_sheet_brings_its_fonts_and_pictures_along() -> None:
    css = (GRAPHIQL / "graphiql.min.css").read_text()
    addresses = re.findall(r"url\(\s*['\"]?(.{5})", css)

    assert len(addresses) > 30
    assert set(addresses) == {"data:"}
    assert re.findall(r"@import|https?://|image-set\(", css) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_loads_no_further_code(script: str) -> None:
    text = (GRAPHIQL / script).read_text()

    assert re.findall(r"sourceMappingURL|importScripts\(|\bimport\(|new (?:Shared)?Worker\(", text) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_mentions_only_hosts_that_were_looked_at(script: str) -> None:
    text = (GRAPHIQL / script).read_text()

    assert set(re.findall(r"(?:https?|wss?)://([\w.-]+)", text)) == MENTIONED.get(script, set())
    assert re.findall(r"[\"'`]//[\w-]+\.\w+", text) == []


def test_the_table_of_vendored_files_is_complete_and_every_licence_is_there() -> None:
    readme = (STATIC / "README.md").read_text()
    own = {"index.html", "boot.js"}
    vendored = {path.name for path in GRAPHIQL.iterdir()} - own

    assert {name for name in vendored if f"`{name}`" not in readme} == set()
    assert {name for name in re.findall(r"`(LICENSE-[\w-]+\.txt)`", readme) if not (GRAPHIQL / name).is_file()} == set()


@pytest.mark.parametrize("package", ["react", "react-dom"])
def test_the_table_tells_the_true_version_of(package: str) -> None:
    version = re.search(rf"\| `{package}` \| ([\d.]+) \|", (STATIC / "README.md").read_text()).group(1)

    assert re.search(rf'\.version="{re.escape(version)}\b', (GRAPHIQL / f"{package}.production.min.js").read_text())
