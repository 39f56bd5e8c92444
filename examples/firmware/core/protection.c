/* The fault table: each row a condition that must hold for its time in its states. Limits are
   docs/protocol.md's; what each trips stands there. */
#include "internal.h"

#define IN(state) (1u << CRYO_DEVICE_STATE_##state)
#define ANY 0xFFu
#define IN_PATIENT (IN(FREEZING) | IN(THAWING) | IN(STIMULATING))
#define CURRENT (IN(STIMULATING) | IN(MAINTENANCE))
#define ONE 65536
#define VALUE(sensor) (d->in.value[CRYO_SENSOR_##sensor])
#define OK(sensor) cryo_ok(d, CRYO_SENSOR_##sensor)
#define CELSIUS(sensor) (VALUE(sensor) - CRYO_ZERO_CELSIUS)

/* Whether the condition holds now; `measured` is then what FAULT_RAISED tells, x 100. */
typedef bool condition(const struct cryo_device *d, uint32_t now, int32_t *measured);

static bool tip_is(const struct cryo_device *d, bool so, int32_t *measured)
{
    *measured = CELSIUS(TIP);
    return OK(TIP) && so;
}

/* --- link, probe, power ----------------------------------------------------------------------- */

static bool lease_lost(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    bool stimulating = d->state == CRYO_DEVICE_STATE_STIMULATING;
    uint32_t lease = stimulating ? CRYO_LEASE_STIMULATION_MS : CRYO_LEASE_FREEZE_MS;
    *measured = (int32_t)((now - d->echo_ms) * 100u);
    return cryo_lease_left(d, lease, now) == 0u;
}

static bool probe_missing(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 0;
    return !d->in.chip.present;
}

static bool probe_changed(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 0;
    return d->in.chip.present && d->known.present &&
           memcmp(d->in.chip.serial, d->known.serial, sizeof d->known.serial) != 0;
}

static bool brown_out(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 0;
    return d->in.brown_out;
}

/* --- tip -------------------------------------------------------------------------------------- */

static bool over_cool(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    return tip_is(d, VALUE(TIP) < d->plan.target - (int32_t)CRYO_OVER_COOL_CENTIKELVIN, measured);
}

static bool past_limit(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    const struct cryo_settings *s = &d->settings;
    return tip_is(d, VALUE(TIP) < s->lowest_tip && VALUE(TIP) >= s->impossible, measured);
}

static bool fails_to_cool(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    uint32_t elapsed = now - d->on_ms;
    int32_t above = VALUE(TIP) - d->plan.target;
    bool no_fall = elapsed >= CRYO_FIRST_FALL_MS && d->tip_at_on != 0 &&
                   d->tip_at_on > CRYO_KELVIN(CRYO_STARTED_WARM_CENTICELSIUS) &&
                   d->tip_at_on - VALUE(TIP) < (int32_t)CRYO_FIRST_FALL_CENTIKELVIN;
    bool far = elapsed >= CRYO_FAR_ABOVE_MS && above > (int32_t)CRYO_FAR_ABOVE_CENTIKELVIN;
    return tip_is(d, above > (int32_t)CRYO_NOT_COOLING_CENTIKELVIN && (no_fall || far), measured);
}

static bool stays_cold(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    uint32_t off = now - d->gas_off_ms;
    bool looked_at = d->gas_was_off && d->tip_at_off != 0 && off >= CRYO_STAYS_COLD_MS &&
                     off <= CRYO_STAYS_COLD_UNTIL_MS &&
                     d->tip_at_off < CRYO_KELVIN(CRYO_STAYS_COLD_CENTICELSIUS) &&
                     (d->faults & CRYO_BIT(CRYO_FAULT_THERMOCOUPLE_STUCK)) == 0u;
    int32_t rise = VALUE(TIP) - d->tip_at_off;
    return tip_is(d, looked_at && rise < (int32_t)CRYO_STAYS_COLD_RISE_CENTIKELVIN, measured);
}

static bool impossible(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    return tip_is(d, VALUE(TIP) < d->settings.impossible, measured);
}

static bool jumped(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    int32_t first = d->tips[0], spike = d->tips[1], last = d->tips[2];
    int32_t there = spike - first, back = spike - last;
    int32_t jump = (int32_t)CRYO_JUMP_CENTIKELVIN;
    *measured = spike - CRYO_ZERO_CELSIUS;
    return first != 0 && spike != 0 && last != 0 &&
           ((there >= jump && back >= jump) || (there <= -jump && back <= -jump));
}

static bool quality_is(const struct cryo_device *d, uint8_t quality, int32_t *measured)
{
    *measured = 0;
    return d->in.quality[CRYO_SENSOR_TIP] == quality && d->in.chip.present;
}

static bool tip_open(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    return quality_is(d, CRYO_QUALITY_OPEN, measured);
}

static bool tip_short(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    return quality_is(d, CRYO_QUALITY_SHORT, measured);
}

static bool stuck(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    uint32_t moved = d->gas_on_ms;
    *measured = CELSIUS(TIP);
    if (!d->gas_was_on || !OK(TIP))
        return false;
    if (d->gas_was_off && d->gas_off_ms >= moved) {
        /* Gas that ended soon need not have moved the tip. */
        if (d->gas_off_ms - moved < CRYO_STUCK_LEAST_GAS_MS)
            return false;
        moved = d->gas_off_ms;
    }
    uint32_t since = moved > d->anchor_ms ? moved : d->anchor_ms;
    return now - since >= CRYO_STUCK_MS && now - moved <= CRYO_STUCK_WITHIN_MS;
}

static bool over_warm(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    bool warming = (d->in.actuators & CRYO_ACTUATOR_WARMING) != 0u;
    int32_t hottest = CRYO_KELVIN((int32_t)CRYO_OVER_WARM_CENTICELSIUS);
    return tip_is(d, warming && VALUE(TIP) > hottest, measured);
}

/* --- gas -------------------------------------------------------------------------------------- */

static bool freeze_too_long(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    *measured = (int32_t)((now - d->on_ms) / 10u);
    return d->freezing &&
           (now > d->end_ms + CRYO_OVERTIME_MS || now > d->on_ms + CRYO_ABSOLUTE_CAP_MS);
}

static bool exhaust_blocked(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * VALUE(EXHAUST);
    return OK(EXHAUST) && VALUE(EXHAUST) > (int32_t)CRYO_TIP_PRESSURE_CAP_KPA;
}

static bool supply_low(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * VALUE(SUPPLY);
    return OK(SUPPLY) && VALUE(SUPPLY) < d->settings.supply_stop_low;
}

static bool supply_high(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * VALUE(SUPPLY);
    return OK(SUPPLY) && VALUE(SUPPLY) > d->settings.supply_stop_high;
}

static bool supply_extreme(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * VALUE(SUPPLY);
    return OK(SUPPLY) && VALUE(SUPPLY) > (int32_t)CRYO_SUPPLY_EXTREME_KPA;
}

/* `percent` of the flow that the valve's duty gives with good supply, in mg/s x 65536. */
static int64_t flow_share(const struct cryo_device *d, uint32_t percent)
{
    return (int64_t)d->settings.full_flow_mg_s * d->duty_mean * percent / 100;
}

static bool orifice_blocked(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * VALUE(FLOW);
    bool open = (d->in.actuators & CRYO_ACTUATOR_VALVE_OPEN) != 0u &&
                d->duty_mean >= ONE / 100 * (int32_t)CRYO_ORIFICE_LEAST_DUTY_PERCENT;
    return OK(FLOW) && OK(SUPPLY) && open && VALUE(SUPPLY) >= d->settings.supply_stop_low &&
           (int64_t)VALUE(FLOW) * ONE < flow_share(d, CRYO_BLOCKED_FLOW_PERCENT);
}

static bool flow_when_shut(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    *measured = 100 * VALUE(FLOW);
    bool gone = !d->gas_was_off || now >= d->gas_off_ms + CRYO_FLOW_GONE_MS;
    return OK(FLOW) && d->drive.valve_percent == 0u && gone &&
           100 * VALUE(FLOW) > (int32_t)CRYO_SHUT_FLOW_PERCENT * d->settings.full_flow_mg_s;
}

static bool siphon(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = CELSIUS(HOSE);
    return OK(HOSE) && VALUE(HOSE) < CRYO_KELVIN(CRYO_SIPHON_CENTICELSIUS);
}

static bool too_much_flow(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * VALUE(FLOW);
    int64_t flow = (int64_t)VALUE(FLOW) * ONE;
    return OK(FLOW) && OK(HOSE) && OK(ROOM) &&
           d->duty_mean >= ONE / 100 * (int32_t)CRYO_LIQUID_LEAST_DUTY_PERCENT &&
           VALUE(HOSE) < VALUE(ROOM) - (int32_t)CRYO_LIQUID_HOSE_CENTIKELVIN &&
           flow > flow_share(d, CRYO_LIQUID_FLOW_LOW_PERCENT) &&
           flow < flow_share(d, CRYO_LIQUID_FLOW_HIGH_PERCENT);
}

/* --- stimulator ------------------------------------------------------------------------------- */

static bool both_on(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    uint8_t both = CRYO_ACTUATOR_VALVE_OPEN | CRYO_ACTUATOR_STIMULATOR_ON;
    *measured = 100;
    return (d->in.actuators & both) == both;
}

static bool open_lead(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    *measured = 100 * (int32_t)d->in.compliance_pulses;
    return d->in.compliance_pulses >= CRYO_COMPLIANCE_PULSES;
}

static bool over_current(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    (void)now;
    int32_t delivered = VALUE(DELIVERED), wanted = d->drive.amplitude_ua;
    int32_t off = delivered > wanted ? delivered - wanted : wanted - delivered;
    int32_t most = (int32_t)CRYO_OVER_CURRENT_PERCENT * wanted + 100 * (int32_t)CRYO_RESOLUTION_UA;
    bool over = 100 * delivered > most || delivered > (int32_t)CRYO_STIMULATION_CAP_UA;
    /* At compliance too little gets through: that is the open lead's own row. */
    bool differs = off > (int32_t)CRYO_DIFFERS_UA &&
                   100 * off > (int32_t)CRYO_DIFFERS_PERCENT * wanted &&
                   d->in.compliance_pulses == 0u;
    *measured = 100 * delivered;
    return OK(DELIVERED) && (over || differs);
}

static bool stepped(const struct cryo_device *d, uint32_t now, int32_t *measured)
{
    int32_t current;
    int32_t rise = d->delivered_count < 2u
                       ? 0
                       : d->delivered[d->delivered_count - 1u] - d->delivered[0];
    *measured = 100 * rise;
    return rise > (int32_t)CRYO_STEP_UA && !over_current(d, now, &current);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct row {
    condition *holds;
    uint16_t hold_ms;
    uint8_t fault;
    uint8_t states;
    bool stimulator_only; /* switches the stimulator off, and nothing else */
} ROWS[] = {
    {lease_lost, 0, CRYO_FAULT_LEASE_LOST, IN(FREEZING) | IN(STIMULATING), false},
    {freeze_too_long, 0, CRYO_FAULT_FREEZE_TOO_LONG, IN(FREEZING), false},
    {over_cool, 500, CRYO_FAULT_OVER_COOL, IN(FREEZING), false},
    {past_limit, 0, CRYO_FAULT_COOLED_PAST_LIMIT, ANY, false},
    {fails_to_cool, 0, CRYO_FAULT_FAILS_TO_COOL, IN(FREEZING), false},
    {impossible, 20, CRYO_FAULT_TEMPERATURE_IMPOSSIBLE, ANY, false},
    {jumped, 0, CRYO_FAULT_TEMPERATURE_IMPOSSIBLE, ANY, false},
    {tip_open, 100, CRYO_FAULT_THERMOCOUPLE_OPEN, ANY, false},
    {tip_short, 100, CRYO_FAULT_THERMOCOUPLE_SHORT, ANY, false},
    {stuck, 0, CRYO_FAULT_THERMOCOUPLE_STUCK, IN(FREEZING) | IN(THAWING), false},
    {over_warm, 200, CRYO_FAULT_OVER_WARM, ANY, false},
    {exhaust_blocked, 200, CRYO_FAULT_EXHAUST_BLOCKED, ANY, false},
    {orifice_blocked, 3000, CRYO_FAULT_ORIFICE_BLOCKED, IN(FREEZING), false},
    {supply_low, 2000, CRYO_FAULT_SUPPLY_LOW, IN(FREEZING), false},
    {supply_high, 1000, CRYO_FAULT_SUPPLY_HIGH, IN(FREEZING), false},
    {supply_extreme, 100, CRYO_FAULT_SUPPLY_EXTREME, ANY, false},
    {flow_when_shut, 500, CRYO_FAULT_FLOW_WHEN_SHUT, IN(THAWING), false},
    {stays_cold, 100, CRYO_FAULT_FLOW_WHEN_SHUT, IN(THAWING), false},
    {flow_when_shut, 1000, CRYO_FAULT_LEAK, IN(IDLE) | IN(TESTING) | IN(STIMULATING), false},
    {siphon, 2000, CRYO_FAULT_SIPHON, ANY, false},
    {too_much_flow, 1000, CRYO_FAULT_SIPHON, IN(FREEZING), false},
    {probe_missing, 100, CRYO_FAULT_PROBE_MISSING, IN_PATIENT, false},
    {probe_changed, 100, CRYO_FAULT_PROBE_CHANGED, IN_PATIENT, false},
    {both_on, 0, CRYO_FAULT_BOTH_ON, ANY, false},
    {open_lead, 0, CRYO_FAULT_STIMULATOR_OPEN_LEAD, CURRENT, true},
    {over_current, 0, CRYO_FAULT_STIMULATOR_OVER_CURRENT, CURRENT, true},
    {stepped, 0, CRYO_FAULT_STIMULATOR_STEP, IN(STIMULATING), true},
    {brown_out, 0, CRYO_FAULT_BROWN_OUT, ANY, false},
};
#define ROW_COUNT (sizeof ROWS / sizeof ROWS[0])

static void reacts(struct cryo_device *d, uint8_t fault, bool stimulator_only, int32_t value,
                   uint32_t now)
{
    uint32_t bit = CRYO_BIT(fault);
    uint8_t why = fault == CRYO_FAULT_LEASE_LOST ? (uint8_t)CRYO_FREEZE_END_LEASE
                                                 : (uint8_t)CRYO_FREEZE_END_FAULT;
    if ((d->faults & bit) == 0u) {
        d->faults |= bit;
        if ((bit & CRYO_FAULTS_ENGINEER) != 0u) {
            d->memory.faults |= bit;
            d->port.save(d->port.board, &d->memory);
        }
        cryo_happened(d, CRYO_EVENT_CODE_FAULT_RAISED, fault, value, now);
    }
    if (stimulator_only) {
        cryo_stimulator_off(d, why, now);
        cryo_exercise_over(d, now);
    } else {
        cryo_safe(d, why, now);
        cryo_isolate(d);
    }
}

void cryo_trip(struct cryo_device *d, uint8_t fault, int32_t value, uint32_t now)
{
    reacts(d, fault, false, value, now);
}

void cryo_watch(struct cryo_device *d, uint32_t now)
{
    int32_t measured[ROW_COUNT];
    uint32_t due = 0, in = 1u << d->state;
    d->standing = 0;
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        uint32_t bit = CRYO_BIT(i);
        if ((ROWS[i].states & in) == 0u || !ROWS[i].holds(d, now, &measured[i])) {
            d->tripping &= ~bit;
            continue;
        }
        d->standing |= CRYO_BIT(ROWS[i].fault);
        if ((d->tripping & bit) == 0u) {
            d->tripping |= bit;
            d->since[i] = now;
        }
        if (now - d->since[i] >= ROWS[i].hold_ms)
            due |= bit;
    }
    for (unsigned i = 0; i < ROW_COUNT; i++)
        if ((due & CRYO_BIT(i)) != 0u)
            reacts(d, ROWS[i].fault, ROWS[i].stimulator_only, measured[i], now);
    if (d->state == CRYO_DEVICE_STATE_IDLE)
        cryo_clear(d, d->faults & CRYO_FAULTS_BY_ITSELF & ~d->standing, now);
}

void cryo_clear(struct cryo_device *d, uint32_t faults, uint32_t now)
{
    if (faults == 0u)
        return;
    d->faults &= ~faults;
    if ((d->memory.faults & faults) != 0u) {
        d->memory.faults &= ~faults;
        d->port.save(d->port.board, &d->memory);
    }
    for (uint8_t bit = 0; bit < 32u; bit++)
        if ((faults & CRYO_BIT(bit)) != 0u)
            cryo_happened(d, CRYO_EVENT_CODE_FAULT_CLEARED, bit, 0, now);
    cryo_isolate(d);
}

/* The second valve, where there is one, stays shut for as long as a fault wants it to. */
void cryo_isolate(struct cryo_device *d)
{
    if ((d->settings.capabilities & CRYO_CAPABILITY_SECOND_VALVE) != 0u && d->test == 0u)
        d->drive.supply_isolated = (d->faults & CRYO_FAULTS_ISOLATES) != 0u;
}

/* --- the history that the rows judge by ------------------------------------------------------- */

#define DUTY_SHARE 8180 /* 1 - exp(-20 ms / 150 ms), in 1/65536: the flow sensor's lag */

void cryo_observe(struct cryo_device *d, bool control, uint32_t now)
{
    int32_t tip = OK(TIP) ? VALUE(TIP) : 0;
    int32_t moved = tip - d->anchor;
    if (tip == 0 || d->anchor == 0 || moved >= (int32_t)CRYO_MOVED_CENTIKELVIN ||
        moved <= -(int32_t)CRYO_MOVED_CENTIKELVIN) {
        d->anchor = tip;
        d->anchor_ms = now;
    }
    if (!control)
        return;
    d->tips[0] = d->tips[1];
    d->tips[1] = d->tips[2];
    d->tips[2] = tip;
    if (!d->stimulating) {
        d->delivered_count = 0;
    } else {
        if (d->delivered_count == 6u) {
            memmove(d->delivered, d->delivered + 1, 5 * sizeof d->delivered[0]);
            d->delivered_count--;
        }
        d->delivered[d->delivered_count++] = (uint16_t)(OK(DELIVERED) ? VALUE(DELIVERED) : 0);
    }
    int32_t duty = d->drive.valve_percent * ONE / 100;
    d->duty_mean += (int32_t)((duty - d->duty_mean) * (int64_t)DUTY_SHARE / ONE);
}
