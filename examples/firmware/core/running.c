/* What goes on by itself: the freeze's timer, arrival, thaw and release, ends of stimulation,
   checks and exercises, the footswitch, the probe's plug, the hold controller. */
#include "internal.h"

static void freezing(struct cryo_device *d, uint32_t now)
{
    if (!d->at_target) {
        int32_t away = d->in.value[CRYO_SENSOR_TIP] - d->plan.target;
        bool near = cryo_ok(d, CRYO_SENSOR_TIP) &&
                    away <= (int32_t)CRYO_AT_TARGET_CENTIKELVIN &&
                    away >= -(int32_t)CRYO_AT_TARGET_CENTIKELVIN;
        if (near && !d->near)
            d->near_ms = now;
        d->near = near;
        if (near && now - d->near_ms >= CRYO_AT_TARGET_MS) {
            d->at_target = true;
            d->at_target_ms = now;
            if (d->plan.timing == CRYO_TIMING_FROM_TARGET && now + d->plan.freeze_ms < d->end_ms)
                d->end_ms = now + d->plan.freeze_ms;
            cryo_happened(d, CRYO_EVENT_CODE_AT_TARGET, 0, (int32_t)(now - d->on_ms), now);
        }
    }
    if (now >= d->end_ms)
        cryo_gas_off(d, CRYO_FREEZE_END_TIMER, now);
}

static void thawing(struct cryo_device *d, uint32_t now)
{
    int32_t tip = d->in.value[CRYO_SENSOR_TIP];
    bool known = cryo_ok(d, CRYO_SENSOR_TIP);
    if (d->drive.warming) {
        if (!known || tip >= CRYO_KELVIN((int32_t)CRYO_WARMING_STOPS_CENTICELSIUS) ||
            now - d->warming_ms >= CRYO_WARMING_CAP_MS ||
            cryo_lease_left(d, CRYO_LEASE_FREEZE_MS, now) == 0u)
            d->drive.warming = false;
        d->warm = false;
        return;
    }
    bool off = (d->in.actuators & (CRYO_ACTUATOR_VALVE_OPEN | CRYO_ACTUATOR_WARMING)) == 0u;
    bool warm = known && tip > CRYO_KELVIN((int32_t)CRYO_RELEASE_CENTICELSIUS) && off &&
                d->in.chip.present;
    if (warm && !d->warm) {
        d->warm = true;
        d->warm_ms = now;
    } else if (!warm) {
        d->warm = false;
    } else if (now - d->warm_ms >= CRYO_RELEASE_MS) {
        d->warm = false;
        cryo_enter(d, cryo_resting(d), now);
    }
}

static void testing(struct cryo_device *d, uint32_t now)
{
    if (d->test == 0u || now < d->test_from_ms)
        return;
    if (d->test == CRYO_TEST_KIND_SELF) {
        if (now < d->test_end_ms)
            return;
        int32_t bad = (d->in.actuators & CRYO_ACTUATOR_VALVE_OPEN) != 0u;
        for (unsigned i = CRYO_SENSOR_TIP; i <= CRYO_SENSOR_FLOW; i++)
            bad += !cryo_ok(d, i) && d->in.quality[i] != CRYO_QUALITY_NOT_FITTED;
        cryo_test_over(d, bad == 0, bad, now);
        return;
    }
    if (!cryo_ok(d, CRYO_SENSOR_SUPPLY)) {
        cryo_test_over(d, false, 0, now);
        return;
    }
    int32_t supply = d->in.value[CRYO_SENSOR_SUPPLY];
    if (!d->test_measured) {
        d->test_measured = true;
        d->test_supply = supply;
        return;
    }
    int32_t lost = 100 * (d->test_supply - supply);
    if (lost > 100 * (int32_t)CRYO_LEAK_KPA) {
        cryo_test_over(d, false, lost, now);
        cryo_trip(d, CRYO_FAULT_LEAK, lost, now);
    } else if (now >= d->test_end_ms) {
        cryo_test_over(d, true, lost, now);
    }
}

void cryo_went_on(struct cryo_device *d, uint32_t now)
{
    switch (d->state) {
    case CRYO_DEVICE_STATE_FREEZING: freezing(d, now); break;
    case CRYO_DEVICE_STATE_THAWING: thawing(d, now); break;
    case CRYO_DEVICE_STATE_STIMULATING:
        if (now - d->stimulation_ms >= CRYO_STIMULATION_CAP_MS)
            cryo_stimulator_off(d, CRYO_FREEZE_END_TIMER, now);
        break;
    case CRYO_DEVICE_STATE_TESTING: testing(d, now); break;
    case CRYO_DEVICE_STATE_MAINTENANCE:
        if (d->exercise != 0u && (now >= d->exercise_end_ms ||
                                  cryo_lease_left(d, CRYO_LEASE_FREEZE_MS, now) == 0u))
            cryo_exercise_over(d, now);
        break;
    default: break;
    }
}

/* --- footswitch, stop line, probe ------------------------------------------------------------- */

static void pedal_went_down(struct cryo_device *d, uint32_t now)
{
    uint32_t value;
    if (cryo_runs(d)) {
        cryo_stopped(d, CRYO_STOP_SOURCE_FOOTSWITCH, now);
        return;
    }
    /* The pedal starts only what the host could: all checks and a live lease. */
    if (d->pedal_role != CRYO_PEDAL_ROLE_START_AND_STOP || d->stop_line ||
        cryo_may_freeze(d, &value, now) != CRYO_RESULT_DONE)
        return;
    struct cryo_plan plan = {d->settings.usual_target, CRYO_TIMING_FROM_START,
                             CRYO_PEDAL_FREEZE_MS, CRYO_FREEZE_CAP_MS};
    if (d->planned)
        plan = d->plan;
    cryo_gas_on(d, &plan, true, now);
}

void cryo_attend(struct cryo_device *d, uint32_t now)
{
    bool down = (d->in.actuators & CRYO_ACTUATOR_PEDAL_DOWN) != 0u;
    if (d->in.stop_line != d->stop_line) {
        d->stop_line = d->in.stop_line;
        if (d->stop_line)
            cryo_stopped(d, CRYO_STOP_SOURCE_HARDWARE_LINE, now);
    }
    if (down == d->pedal_down)
        return;
    d->pedal_down = down;
    if ((d->settings.capabilities & CRYO_CAPABILITY_FOOTSWITCH) == 0u)
        return;
    cryo_happened(d, CRYO_EVENT_CODE_PEDAL, down, 0, now);
    if (down)
        pedal_went_down(d, now);
}

static bool same_chip(const struct cryo_chip *a, const struct cryo_chip *b)
{
    return a->present == b->present &&
           (!a->present || memcmp(a->serial, b->serial, sizeof a->serial) == 0);
}

void cryo_identify(struct cryo_device *d, uint32_t now)
{
    if (same_chip(&d->in.chip, &d->known)) {
        d->odd = false;
        return;
    }
    if (!d->odd) {
        d->odd = true;
        d->odd_ms = now;
        return;
    }
    if (now - d->odd_ms < CRYO_PROBE_MS)
        return;
    bool gone = d->known.present;
    d->odd = false;
    d->known = d->in.chip;
    /* Unplugged at rest, its procedure is over; in the middle of one its use stays counted. */
    if (d->state == CRYO_DEVICE_STATE_IDLE && d->memory.counted) {
        d->memory.counted = false;
        d->port.save(d->port.board, &d->memory);
    }
    if (gone)
        cryo_happened(d, CRYO_EVENT_CODE_PROBE_DISCONNECTED, 0, 0, now);
    if (d->known.present)
        cryo_happened(d, CRYO_EVENT_CODE_PROBE_CONNECTED, 0, 0, now);
}

/* --- once each control period ----------------------------------------------------------------- */

#define ONE 65536           /* a duty of 1 */
#define LEAST_DUTY 1966     /* 0.03: quite shut would read as gas off */
#define GAIN 26             /* 0.04 a kelvin: of 1/65536 a 0.01 K */
#define INTEGRAL_Q8 100     /* 0.03 a kelvin and second, in a period of 20 ms: 1/256 of the same */
#define INTEGRAL_LOW (-13107)
#define INTEGRAL_HIGH ONE
#define RAMP_UA 30u         /* a period: 150 in 100 ms, under the 200 of the interlock */

static int32_t within(int32_t value, int32_t low, int32_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* PI on the measured tip with a lead against the thermocouple's lag; `integral` in 1/65536/256. */
static void hold(struct cryo_device *d)
{
    if (!cryo_ok(d, CRYO_SENSOR_TIP)) {
        d->held_tip = 0;
        d->drive.valve_percent = 3;
        return;
    }
    int32_t tip = d->in.value[CRYO_SENSOR_TIP];
    int32_t before = d->held_tip != 0 ? d->held_tip : tip;
    int32_t steep = (tip - before) * 50; /* 0.01 K/s */
    d->slope += (steep - d->slope) * 2 / 7;
    int32_t error = tip - d->plan.target;
    int32_t asked = GAIN * (error + d->slope / 5) + d->integral / 256;
    int32_t duty = within(asked, LEAST_DUTY, ONE);
    /* No wind-up: at a stop of the valve the integral only moves away from it. */
    if (!(asked > duty && error > 0) && !(asked < duty && error < 0))
        d->integral =
            within(d->integral + INTEGRAL_Q8 * error, INTEGRAL_LOW * 256, INTEGRAL_HIGH * 256);
    d->held_tip = tip;
    d->drive.valve_percent = (uint8_t)((duty * 100 + ONE / 2) / ONE);
}

void cryo_control(struct cryo_device *d)
{
    if (d->freezing) {
        hold(d);
    } else if (d->stimulating) {
        uint16_t here = d->drive.amplitude_ua;
        bool up = here < d->wanted_ua;
        uint16_t next = (uint16_t)(here + RAMP_UA);
        d->drive.amplitude_ua = up && next < d->wanted_ua ? next : d->wanted_ua;
    }
}
