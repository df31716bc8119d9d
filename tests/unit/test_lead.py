"""How far ahead of the sound device its process is fed."""

from __future__ import annotations

import pytest

from reader.audio.lead import LEAD_S, MOST_S, Lead


def test_it_stays_small_while_reports_are_dealt_with_in_time() -> None:
    lead = Lead()
    for _ in range(3):
        lead.begin_run()
        lead.note(LEAD_S / 3)
    assert lead.s == LEAD_S


def test_it_doubles_with_a_late_report_up_to_the_most() -> None:
    lead = Lead()
    leads = []
    for late_s in (0.11, 0.11, 0.21, 5.0):
        lead.note(late_s)
        leads.append(lead.s)
    assert leads == [0.6, 0.6, MOST_S, MOST_S]


def test_it_shrinks_by_half_with_each_run() -> None:
    lead = Lead()
    lead.note(0.2)
    lead.note(0.3)
    leads = []
    for _ in range(3):
        lead.begin_run()
        leads.append(lead.s)
    assert leads == [pytest.approx(MOST_S / 2), LEAD_S, LEAD_S]
