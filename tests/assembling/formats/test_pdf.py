"""PDF: a page for every frame, as large as a page may be."""

from __future__ import annotations

import re

import pytest

from convgif.assembling.film import Film
from convgif.registry import FORMATS
from tests.assembling.samples import FILMS, beads, encoded


@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
def test_a_page_for_every_frame(film: Film) -> None:
    (data,) = encoded(film, "pdf").values()
    assert len(re.findall(rb"/Type /Page\b", data)) == len(film.durations)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^]]*)\]", data)}
    ((left, top, width, height),) = boxes
    assert (left, top) == (0, 0)
    assert (width / 0.75, height / 0.75) == pytest.approx(film.size, abs=0.51)


def test_a_page_has_two_hundred_inches_at_most() -> None:
    assert not list(FORMATS["pdf"].problems(beads([0, 45], [100, 100], cell=400)))
    (problem,) = FORMATS["pdf"].problems(beads([0, 46], [100, 100], cell=400))
    assert "no side in PDF is longer than 19,200" in str(problem)
