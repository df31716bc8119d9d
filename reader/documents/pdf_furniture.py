"""Finds the furniture of PDF pages (running heads and feet, page numbers) by comparing neighbouring pages. Pure."""

from __future__ import annotations

import re

from reader.documents.pdf_page import Line, Page

# How many pages to compare before and after each. Left and right pages differ in their heads.
AHEAD = 4
# How many lines at the top and bottom of a page may be furniture.
_EDGE_LINES = 3
# In page heights: how far the same line may be displaced, and how close to the edge a lone number is the page's.
_SAME_PLACE = 0.012
_MARGIN = 0.1
_HEAD_CHARS = 150
# Anything this much larger than the text is a heading, even if every page has one.
_LARGE = 1.2
# In heights of the number: how far from the text a page number is, if it is not at the edge of the paper.
_APART = 0.8
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"\s*[-–—|]?\s*[ivxlcdm]{1,8}\s*[-–—|]?\s*", re.I)
_PAGE = r"(?:page|p\.|seite|s\.|página|pagina|pág\.|strona|sida|side|стр\.|страница|صفحة)"
_NUMBER = re.compile(
    rf"\s*(?:{_PAGE}\s*)?[-–—|\[(]?\s*\d{{1,4}}\s*[-–—|\])]?(?:\s*(?:/|of|von|de|di|van|z|av|af|из|من)\s*\d{{1,4}})?\s*",
    re.I,
)


def furniture(page: Page, before: list[Page], behind: list[Page], body_size: float) -> set[int]:
    """The ids of lines that are not part of the text. `body_size` is the usual letter size of the text."""
    found: set[int] = set()
    others = [(n - len(before), other) for n, other in enumerate(before)]
    others += [(n + 1, other) for n, other in enumerate(behind)]
    for edge in _edges(page):
        for line in edge:
            if line.size > _LARGE * body_size or not _is_one(line, page, others):
                break  # everything further in is text
            found.add(id(line))
    return found


def _edges(page: Page) -> tuple[list[Line], list[Line]]:
    lines = sorted((line for line in page.lines if line.text.strip()), key=lambda line: line.top)
    return lines[:_EDGE_LINES], lines[: -_EDGE_LINES - 1 : -1]


def _is_one(line: Line, page: Page, others: list[tuple[int, Page]]) -> bool:
    if len(line.text) > _HEAD_CHARS:
        return False
    if _NUMBER.fullmatch(line.text) or _ROMAN.fullmatch(line.text):
        is_outside = not _MARGIN * page.height < line.bottom < (1 - _MARGIN) * page.height
        if is_outside or (str(page.number) in _DIGITS.findall(line.text) and _stands_apart(line, page)):
            return True
    for distance, other in others:
        for edge in _edges(other):
            for one in edge:
                if abs(one.top - line.top) <= _SAME_PLACE * page.height and _is_same(line.text, one.text, distance):
                    return True
    return False


def _stands_apart(line: Line, page: Page) -> bool:
    """Whether it is above or below everything else, at some distance."""
    height = line.bottom - line.top
    others = [one for one in page.lines if one is not line and one.text.strip()]
    return all(one.bottom + _APART * height < line.top for one in others) or all(
        line.bottom + _APART * height < one.top for one in others
    )


def _is_same(text: str, other: str, distance: int) -> bool:
    """Whether two lines, `distance` pages apart, are the same but for numbers, or have numbers that far apart."""
    name, other_name = (_DIGITS.sub("#", one).strip().casefold() for one in (text, other))
    if name == other_name:
        return True
    if _ROMAN.fullmatch(text) and _ROMAN.fullmatch(other):
        return True
    numbers, other_numbers = _DIGITS.findall(text[-5:] + " " + text[:5]), _DIGITS.findall(other[-5:] + " " + other[:5])
    return any(int(one) - int(a) == distance for one in other_numbers for a in numbers if distance)
