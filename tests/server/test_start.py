"""Before the first request: the database, and the catalog a new one begins with."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from gateway.server.errands import Declined
from gateway.server.owner import open_for
from gateway.server.settings import Settings
from gateway.server.start import publish_first
from tests.server.scene import COMING_CATALOG, Scene

pytestmark = pytest.mark.anyio


@pytest.fixture
async def scene(database_url: str) -> AsyncGenerator[Scene, None]:
    scene = Scene(database_url)
    yield scene
    await scene.store.close()


async def declined(scene: Scene, catalog: Path) -> str:
    with pytest.raises(Declined) as reason:
        await publish_first(scene.services, Settings(catalog=catalog))
    assert (await scene.store.catalog()).revision == 0
    return str(reason.value)


async def test_a_new_database_begins_with_the_example_or_with_the_file_that_is_set(scene: Scene, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(COMING_CATALOG)

    await publish_first(scene.services, Settings(catalog=mine))
    assert list((await scene.store.catalog()).plans) == ["coming"]

    await publish_first(scene.services, Settings())
    assert list((await scene.store.catalog()).plans) == ["coming"]


async def test_without_a_file_the_example_is_published(scene: Scene) -> None:
    await publish_first(scene.services, Settings())

    assert len((await scene.store.catalog()).plans) == 15


async def test_a_catalog_that_is_missing_or_wrong_is_named(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('currencies = ["TRY"]\n')

    assert await declined(scene, tmp_path / "none.toml") == (
        f"BILLING_CATALOG: {tmp_path}/none.toml cannot be read: No such file or directory."
    )
    assert await declined(scene, tmp_path / "mine.toml") == "mine.toml: there is no plan"


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("This is a letter, and a long one, so that nobody takes it for an empty database. " * 20)

    with pytest.raises(Declined, match=r"letter\.db cannot be opened: file is not a database"):
        open_for(Settings(database_url=f"sqlite:///{path}"))
