"""STOP at the host's end: first, repeated, confirmed by its own acknowledgement alone."""

import msgspec

from drivers.link import host
from drivers.link.codes import Result
from drivers.link.messages import Arm, Extend, Stop, read
from tests.link.ends import SESSION, answered, frames, news, opened, telemetry, welcomed


def sent_stop(effects: host.Effects) -> bool:
    return any(isinstance(e, host.Send) and e.stop and e.frame.kind == Stop.KIND for e in effects)


def test_stop_goes_first_and_drops_what_waits() -> None:
    link, _ = host.submit(opened(), Arm(1), 0)
    link, _ = host.submit(link, Extend(1_000), 0)
    link, effects = host.stop(link, 10)
    assert isinstance(effects[0], host.Send) and effects[0].stop
    assert read(effects[0].frame) == Stop()
    assert effects[1:] == (
        host.Unanswered(Arm(1), "stopped"),
        host.Unanswered(Extend(1_000), "stopped"),
    )
    assert link.outstanding is None and link.queue == ()


def test_stop_by_submit_is_the_same_stop() -> None:
    link, effects = host.submit(opened(), Stop(), 10)
    assert (link, effects) == host.stop(opened(), 10)
    assert sent_stop(host.submit(host.HostLink(), Stop(), 10)[1]), "and needs no session"


def test_stop_is_repeated_every_20_ms_and_told_once_at_500() -> None:
    link, effects = host.stop(opened(), 1_000)
    (frame,) = frames(effects)
    seen = []
    for now in range(1_001, 1_700):
        link, effects = host.tick(link, now)
        for effect in effects:
            seen.append((now, effect))
    sends = [(now, effect) for now, effect in seen if isinstance(effect, host.Send)]
    assert sends == [(now, host.Send(frame, stop=True)) for now in range(1_020, 1_700, 20)]
    assert [s for s in seen if s not in sends] == [(1_500, host.StopUnconfirmed())]
    assert link.counters.repeats == len(sends)


def test_stop_comes_before_any_other_repeat() -> None:
    link, _ = host.stop(opened(), 0)
    link, _ = host.greet(link, SESSION + 1, 0)
    _, effects = host.tick(link, 200)
    assert [frame.kind for frame in frames(effects)] == [Stop.KIND, 0x01]


def test_stop_pressed_again_and_again_is_one_stop() -> None:
    link, effects = host.stop(opened(), 0)
    (frame,) = frames(effects)
    told = []
    for now in range(10, 600, 10):
        link, effects = host.stop(link, now)
        assert effects == (host.Send(frame, stop=True),), "sent at once"
        link, effects = host.tick(link, now)
        told += [(now, effect) for effect in news(effects)]
    assert told == [(500, host.StopUnconfirmed())]
    link, effects = host.hear(link, answered(frame), 601)
    assert effects == (host.StopConfirmed(601),)


def test_stop_pressed_again_counts_as_a_repeat_and_puts_off_the_next_one() -> None:
    link, effects = host.stop(opened(), 0)
    link, again = host.stop(link, 10)
    assert again == effects and link.counters.repeats == 1
    assert host.tick(link, 29)[1] == ()
    assert host.tick(link, 30)[1] == again


def test_only_its_own_acknowledgement_confirms_a_stop() -> None:
    link, effects = host.stop(opened(), 0)
    (older,) = frames(effects)
    link, _ = host.hear(link, answered(older), 5)
    link, effects = host.stop(link, 100)
    (frame,) = frames(effects)
    assert frame.sequence != older.sequence
    good = answered(frame)
    for wrong in (
        answered(older),
        msgspec.structs.replace(good, session=SESSION + 1),
        answered(frame, Result.WRONG_STATE),
    ):
        after, effects = host.hear(link, wrong, 105)
        assert effects == () and after.stopping is not None
    link, effects = host.hear(link, good, 130)
    assert effects == (host.StopConfirmed(30),)
    assert host.hear(link, good, 131)[1] == ()
    assert host.tick(link, 160)[1] == ()


def test_a_stop_outlives_its_session() -> None:
    link, effects = host.stop(opened(), 0)
    (frame,) = frames(effects)
    link, _ = host.hear(link, telemetry(1, 10, session=0), 10)
    link, effects = welcomed(link, now_ms=20, session=SESSION + 1, boot_id=1)
    assert news(effects)[0].restarted  # type: ignore[union-attr]
    link, effects = host.tick(link, 40)
    assert frames(effects) == [frame], "under the number of the session that it was pressed in"
    _, effects = host.hear(link, answered(frame, device_ms=15), 44)
    assert effects == (host.StopConfirmed(44),)


def test_the_lease_is_withheld_while_a_stop_stays_unconfirmed() -> None:
    link, effects = host.stop(opened(), 0)
    (frame,) = frames(effects)
    assert host.beat(link, 60_000) != ()
    link, _ = host.tick(link, 500)
    assert host.beat(link, 60_000) == ()
    link, _ = host.hear(link, answered(frame), 510)
    assert host.beat(link, 60_000) != ()


def test_a_stop_that_was_confirmed_can_be_followed_by_another() -> None:
    link = opened()
    for now in (0, 100, 200):
        link, effects = host.stop(link, now)
        link, effects = host.hear(link, answered(frames(effects)[0]), now + 4)
        assert effects == (host.StopConfirmed(4),)
