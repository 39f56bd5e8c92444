/* Every command but Hello, Heartbeat, Stop and EventAck: done, or refused with the first reason. */
#include "internal.h"

#define REFUSE(why, with)                                                                          \
    do {                                                                                           \
        out->result = (uint8_t)(why);                                                              \
        out->value = (uint32_t)(with);                                                             \
        return;                                                                                    \
    } while (0)

#define STIMULATORS (CRYO_CAPABILITY_STIMULATOR_CURRENT | CRYO_CAPABILITY_STIMULATOR_VOLTAGE)

static bool fitted(const struct cryo_device *d, uint32_t capability)
{
    return (d->settings.capabilities & capability) != 0u;
}

static bool at_rest(const struct cryo_device *d)
{
    return d->state == CRYO_DEVICE_STATE_IDLE || d->state == CRYO_DEVICE_STATE_THAWING ||
           d->state == CRYO_DEVICE_STATE_MAINTENANCE;
}

/* --- may it start? ---------------------------------------------------------------------------- */

static uint8_t probe_good(const struct cryo_device *d, uint32_t *value)
{
    const struct cryo_chip *chip = &d->known;
    if (!chip->present || !d->in.chip.present)
        return CRYO_RESULT_PROBE_MISSING;
    /* A use that is already counted stays good until the probe is unplugged. */
    if (d->memory.counted && memcmp(d->memory.counted_serial, chip->serial, 12) == 0)
        return CRYO_RESULT_DONE;
    if (chip->uses_left == 0u || chip->expires_day < d->settings.today_day) {
        *value = chip->uses_left;
        return CRYO_RESULT_PROBE_UNUSABLE;
    }
    return CRYO_RESULT_DONE;
}

static uint8_t host_good(const struct cryo_device *d, uint32_t lease, uint32_t *value, uint32_t now)
{
    if (d->rate < CRYO_LOWEST_TELEMETRY_TO_START) {
        *value = d->rate;
        return CRYO_RESULT_TELEMETRY_TOO_SLOW;
    }
    return cryo_lease_left(d, lease, now) == 0u ? CRYO_RESULT_NO_LEASE : CRYO_RESULT_DONE;
}

uint8_t cryo_may_freeze(const struct cryo_device *d, uint32_t *value, uint32_t now)
{
    *value = 0;
    if (now >= CRYO_RESTART_AFTER_MS)
        return CRYO_RESULT_BUSY;
    if (!at_rest(d) || d->exercise != 0u) {
        *value = d->state;
        return CRYO_RESULT_WRONG_STATE;
    }
    *value = d->faults & CRYO_FAULTS_BLOCKS_GAS;
    if (*value != 0u)
        return CRYO_RESULT_FAULT_STANDS;
    uint8_t result = probe_good(d, value);
    if (result != CRYO_RESULT_DONE)
        return result;
    static const uint8_t needed[] = {CRYO_SENSOR_TIP, CRYO_SENSOR_SUPPLY};
    for (unsigned i = 0; i < 2u; i++) {
        if (!cryo_ok(d, needed[i])) {
            *value = d->in.quality[needed[i]];
            return CRYO_RESULT_SENSOR_INVALID;
        }
    }
    int32_t supply = d->in.value[CRYO_SENSOR_SUPPLY];
    if (supply < d->settings.supply_start_low || supply > d->settings.supply_start_high) {
        *value = (uint32_t)supply;
        return CRYO_RESULT_SUPPLY_OUT_OF_RANGE;
    }
    return host_good(d, CRYO_LEASE_FREEZE_MS, value, now);
}

static uint8_t may_stimulate(const struct cryo_device *d, uint32_t *value, uint32_t now)
{
    *value = 0;
    if (!fitted(d, STIMULATORS))
        return CRYO_RESULT_NOT_FITTED;
    if (now >= CRYO_RESTART_AFTER_MS)
        return CRYO_RESULT_BUSY;
    if (!at_rest(d) || d->state == CRYO_DEVICE_STATE_THAWING || d->exercise != 0u) {
        *value = d->state;
        return CRYO_RESULT_WRONG_STATE;
    }
    *value = d->faults & CRYO_FAULTS_BLOCKS_STIMULATOR;
    if (*value != 0u)
        return CRYO_RESULT_FAULT_STANDS;
    uint8_t result = probe_good(d, value);
    return result == CRYO_RESULT_DONE ? host_good(d, CRYO_LEASE_STIMULATION_MS, value, now)
                                      : result;
}

/* --- freeze ----------------------------------------------------------------------------------- */

static void arm(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out, uint32_t now)
{
    uint8_t action = p[CRYO_ARM_ACTION];
    if (action != CRYO_ACTION_FREEZE && action != CRYO_ACTION_STIMULATE)
        REFUSE(CRYO_RESULT_BAD_VALUE, action);
    out->result = action == CRYO_ACTION_FREEZE ? cryo_may_freeze(d, &out->value, now)
                                               : may_stimulate(d, &out->value, now);
    if (out->result == CRYO_RESULT_DONE)
        out->value = cryo_grant(d, action, now);
}

static void start_freeze(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                         uint32_t now)
{
    out->result = cryo_spend(d, p, CRYO_ACTION_FREEZE, now);
    if (out->result != CRYO_RESULT_DONE)
        return;
    out->result = cryo_may_freeze(d, &out->value, now);
    if (out->result != CRYO_RESULT_DONE)
        return;
    struct cryo_plan plan = {cryo_get16(p + CRYO_START_FREEZE_TARGET_CENTIKELVIN),
                             p[CRYO_START_FREEZE_TIMING],
                             cryo_get32(p + CRYO_START_FREEZE_FREEZE_MS),
                             cryo_get32(p + CRYO_START_FREEZE_CAP_MS)};
    bool from_target = plan.timing == CRYO_TIMING_FROM_TARGET;
    if (plan.target == 0 || plan.target > CRYO_KELVIN(CRYO_WARMEST_TARGET_CENTICELSIUS) ||
        (!from_target && plan.timing != CRYO_TIMING_FROM_START) || plan.freeze_ms == 0u ||
        plan.freeze_ms > plan.cap_ms)
        REFUSE(CRYO_RESULT_BAD_VALUE, 0);
    if (plan.target < d->settings.coldest_target || plan.cap_ms > CRYO_FREEZE_CAP_MS ||
        (from_target && plan.freeze_ms > CRYO_FROM_TARGET_CAP_MS))
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, 0);
    cryo_gas_on(d, &plan, false, now);
    out->value = d->end_ms;
}

static void extend(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out)
{
    if (!d->freezing)
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    uint32_t by = cryo_get32(p + CRYO_EXTEND_BY_MS);
    if (by == 0u)
        REFUSE(CRYO_RESULT_BAD_VALUE, 0);
    bool from_target = d->plan.timing == CRYO_TIMING_FROM_TARGET;
    bool counting = !from_target || d->at_target;
    uint32_t latest = d->on_ms + d->plan.cap_ms;
    if (by > CRYO_FREEZE_CAP_MS || (counting && d->end_ms + by > latest) ||
        d->plan.freeze_ms + by > d->plan.cap_ms)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, latest);
    if (from_target && d->plan.freeze_ms + by > CRYO_FROM_TARGET_CAP_MS)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, CRYO_FROM_TARGET_CAP_MS);
    d->plan.freeze_ms += by;
    if (counting)
        d->end_ms += by;
    out->value = d->end_ms;
}

static void thaw(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out, uint32_t now)
{
    uint8_t on = p[CRYO_THAW_WARMING];
    if (!fitted(d, CRYO_CAPABILITY_ACTIVE_THAW))
        REFUSE(CRYO_RESULT_NOT_FITTED, 0);
    if (on > 1u)
        REFUSE(CRYO_RESULT_BAD_VALUE, on);
    if (on == 0u) {
        d->drive.warming = false;
        return;
    }
    if (d->state != CRYO_DEVICE_STATE_THAWING)
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    if (!cryo_ok(d, CRYO_SENSOR_TIP))
        REFUSE(CRYO_RESULT_SENSOR_INVALID, d->in.quality[CRYO_SENSOR_TIP]);
    int32_t warmest = CRYO_KELVIN((int32_t)CRYO_WARMING_STOPS_CENTICELSIUS);
    if (d->in.value[CRYO_SENSOR_TIP] >= warmest)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, warmest);
    if ((d->faults & CRYO_FAULTS_BLOCKS_GAS) != 0u)
        REFUSE(CRYO_RESULT_FAULT_STANDS, d->faults & CRYO_FAULTS_BLOCKS_GAS);
    if (cryo_lease_left(d, CRYO_LEASE_FREEZE_MS, now) == 0u)
        REFUSE(CRYO_RESULT_NO_LEASE, 0);
    if (!d->drive.warming) {
        d->drive.warming = true;
        d->warm = false;
        d->warming_ms = now;
    }
}

/* --- stimulation ------------------------------------------------------------------------------ */

static void start_stimulation(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                              uint32_t now)
{
    out->result = cryo_spend(d, p, CRYO_ACTION_STIMULATE, now);
    if (out->result != CRYO_RESULT_DONE)
        return;
    out->result = may_stimulate(d, &out->value, now);
    if (out->result != CRYO_RESULT_DONE)
        return;
    uint8_t kind = p[CRYO_START_STIMULATION_KIND];
    uint16_t rate = cryo_get16(p + CRYO_START_STIMULATION_RATE_DECIHERTZ);
    uint16_t pulse = cryo_get16(p + CRYO_START_STIMULATION_PULSE_US);
    uint16_t limit = cryo_get16(p + CRYO_START_STIMULATION_LIMIT_UA);
    bool sensory = kind == CRYO_STIMULATION_KIND_SENSORY;
    if (!sensory && kind != CRYO_STIMULATION_KIND_MOTOR)
        REFUSE(CRYO_RESULT_BAD_VALUE, 0);
    if (rate < (sensory ? CRYO_SENSORY_SLOWEST_DECIHERTZ : CRYO_MOTOR_SLOWEST_DECIHERTZ) ||
        rate > (sensory ? CRYO_SENSORY_FASTEST_DECIHERTZ : CRYO_MOTOR_FASTEST_DECIHERTZ) ||
        pulse < CRYO_SHORTEST_PULSE_US || pulse > CRYO_LONGEST_PULSE_US)
        REFUSE(CRYO_RESULT_BAD_VALUE, 0);
    if (limit > CRYO_STIMULATION_CAP_UA)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, CRYO_STIMULATION_CAP_UA);
    struct cryo_drive drive = {.exhaust_open = true,
                               .supply_isolated = d->drive.supply_isolated,
                               .stimulator_on = true,
                               .rate_decihertz = rate,
                               .pulse_us = pulse};
    d->drive = drive;
    d->stimulating = true;
    d->stimulation_ms = now;
    d->limit_ua = limit;
    d->wanted_ua = 0;
    d->delivered_count = 0;
    cryo_enter(d, CRYO_DEVICE_STATE_STIMULATING, now);
}

static void set_amplitude(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out)
{
    uint16_t amplitude = cryo_get16(p + CRYO_SET_AMPLITUDE_AMPLITUDE_UA);
    if (!d->stimulating)
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    if (amplitude > d->limit_ua)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, d->limit_ua);
    d->wanted_ua = amplitude;
    out->value = amplitude;
}

/* --- the console ------------------------------------------------------------------------------ */

static void reset(struct cryo_device *d, struct cryo_outcome *out, uint32_t now)
{
    if (!at_rest(d) || d->drive.valve_percent != 0u)
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    uint32_t stands = d->faults & d->standing;
    uint32_t kept = stands | (d->maintenance ? 0u : d->faults & CRYO_FAULTS_ENGINEER);
    cryo_clear(d, d->faults & ~kept, now);
    if (kept == 0u)
        return;
    bool only_engineer = stands == 0u && (kept & ~CRYO_FAULTS_ENGINEER) == 0u;
    REFUSE(only_engineer ? CRYO_RESULT_MAINTENANCE_ONLY : CRYO_RESULT_FAULT_STANDS, kept);
}

static void set_pedal_role(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out)
{
    uint8_t role = p[CRYO_SET_PEDAL_ROLE_ROLE];
    if (!fitted(d, CRYO_CAPABILITY_FOOTSWITCH))
        REFUSE(CRYO_RESULT_NOT_FITTED, 0);
    if (role != CRYO_PEDAL_ROLE_STOP_ONLY && role != CRYO_PEDAL_ROLE_START_AND_STOP)
        REFUSE(CRYO_RESULT_BAD_VALUE, role);
    if (!at_rest(d))
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    d->pedal_role = role;
    out->value = role;
}

static void test(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out, uint32_t now)
{
    uint8_t which = p[CRYO_TEST_TEST];
    bool leak = which == CRYO_TEST_KIND_SUPPLY_LEAK;
    if (!leak && which != CRYO_TEST_KIND_SELF)
        REFUSE(CRYO_RESULT_BAD_VALUE, which);
    if (leak && !fitted(d, CRYO_CAPABILITY_LEAK_TEST))
        REFUSE(CRYO_RESULT_NOT_FITTED, 0);
    if (d->state != CRYO_DEVICE_STATE_IDLE)
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    if (leak && !cryo_ok(d, CRYO_SENSOR_SUPPLY))
        REFUSE(CRYO_RESULT_SENSOR_INVALID, d->in.quality[CRYO_SENSOR_SUPPLY]);
    d->test_from_ms = now;
    d->test_end_ms = now + CRYO_SELF_TEST_MS;
    if (leak) {
        /* Gas that has just flowed leaves the cylinder cold: the pressure would rise by itself. */
        if (d->gas_was_off && now < d->gas_off_ms + CRYO_LEAK_SETTLE_MS)
            d->test_from_ms = d->gas_off_ms + CRYO_LEAK_SETTLE_MS;
        d->test_end_ms = d->test_from_ms + CRYO_LEAK_MEASURE_MS;
        d->drive.supply_isolated = true;
    }
    d->test = which;
    d->test_measured = false;
    out->value = d->test_end_ms;
    cryo_enter(d, CRYO_DEVICE_STATE_TESTING, now);
}

static void set_telemetry_rate(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                               uint32_t now)
{
    uint8_t rate = p[CRYO_SET_TELEMETRY_RATE_PER_SECOND];
    if (rate == 0u || rate > CRYO_FASTEST_TELEMETRY_PER_SECOND)
        REFUSE(CRYO_RESULT_BAD_VALUE, rate);
    if ((d->freezing || d->stimulating) && rate < CRYO_LOWEST_TELEMETRY_TO_START)
        REFUSE(CRYO_RESULT_TELEMETRY_TOO_SLOW, CRYO_LOWEST_TELEMETRY_TO_START);
    d->rate = rate;
    d->telemetry_due_ms = now + 1000u / rate;
    out->value = rate;
}

static void set_time_scale(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                           uint32_t now)
{
    uint16_t scale = cryo_get16(p + CRYO_SET_TIME_SCALE_HUNDREDTHS);
    if ((d->settings.welcome_flags & CRYO_WELCOME_FLAG_SIMULATED) == 0u)
        REFUSE(CRYO_RESULT_NOT_FITTED, 0);
    if (scale > 1000u)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, 1000u);
    if (scale != d->scale_hundredths) {
        d->scale_hundredths = scale;
        cryo_happened(d, CRYO_EVENT_CODE_TIME_SCALE, 0, scale, now);
    }
    out->value = scale;
}

/* --- readings --------------------------------------------------------------------------------- */

static void read_probe(const struct cryo_device *d, struct cryo_outcome *out)
{
    const struct cryo_chip *chip = &d->known;
    uint8_t *p = out->payload;
    out->kind = CRYO_PROBE;
    if (!chip->present)
        return;
    p[CRYO_PROBE_PRESENT] = 1;
    p[CRYO_PROBE_USES_LEFT] = chip->uses_left;
    memcpy(p + CRYO_PROBE_MODEL, chip->model, sizeof chip->model);
    memcpy(p + CRYO_PROBE_SERIAL, chip->serial, sizeof chip->serial);
    cryo_put16(p + CRYO_PROBE_DIAMETER_UM, chip->diameter_um);
    cryo_put16(p + CRYO_PROBE_TIP_LENGTH_UM, chip->tip_length_um);
    cryo_put16(p + CRYO_PROBE_EXPIRES_DAY, chip->expires_day);
}

static void read_calibration(const struct cryo_device *d, const uint8_t *p,
                             struct cryo_outcome *out)
{
    uint8_t index = p[CRYO_READ_CALIBRATION_INDEX];
    if (index >= CRYO_CALIBRATIONS)
        REFUSE(CRYO_RESULT_BAD_VALUE, CRYO_CALIBRATIONS);
    out->kind = CRYO_CALIBRATION;
    out->payload[CRYO_CALIBRATION_INDEX] = index;
    out->payload[CRYO_CALIBRATION_COUNT] = CRYO_CALIBRATIONS;
    cryo_put32(out->payload + CRYO_CALIBRATION_VALUE, (uint32_t)d->memory.calibration[index]);
    cryo_put16(out->payload + CRYO_CALIBRATION_SET_ON_DAY, d->memory.calibrated_day[index]);
}

static void read_log(const struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out)
{
    uint16_t index = cryo_get16(p + CRYO_READ_LOG_INDEX);
    uint16_t count = d->port.logged(d->port.board);
    if (index >= count)
        REFUSE(CRYO_RESULT_BAD_VALUE, count);
    struct cryo_log_entry entry;
    uint8_t *to = out->payload;
    d->port.logged_at(d->port.board, index, &entry);
    out->kind = CRYO_LOG_ENTRY;
    cryo_put16(to + CRYO_LOG_ENTRY_INDEX, index);
    cryo_put16(to + CRYO_LOG_ENTRY_COUNT, count);
    to[CRYO_LOG_ENTRY_CODE] = entry.code;
    to[CRYO_LOG_ENTRY_DETAIL] = entry.detail;
    cryo_put32(to + CRYO_LOG_ENTRY_AT_MS, entry.at_ms);
    cryo_put32(to + CRYO_LOG_ENTRY_BOOT_ID, entry.boot_id);
    cryo_put32(to + CRYO_LOG_ENTRY_VALUE, (uint32_t)entry.value);
}

/* --- maintenance ------------------------------------------------------------------------------ */

static void enter_maintenance(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                              uint32_t now)
{
    uint8_t enter = p[CRYO_ENTER_MAINTENANCE_ENTER];
    if (enter > 1u)
        REFUSE(CRYO_RESULT_BAD_VALUE, enter);
    if (enter == 0u) {
        if (d->state != CRYO_DEVICE_STATE_MAINTENANCE)
            REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
        cryo_exercise_over(d, now);
        d->maintenance = false;
        /* Gas moved by hand leaves a cold tip like any other: only its warmth ends that. */
        cryo_enter(d, d->gas_was_off ? CRYO_DEVICE_STATE_THAWING : CRYO_DEVICE_STATE_IDLE, now);
        return;
    }
    if (d->state != CRYO_DEVICE_STATE_IDLE)
        REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
    if (!d->in.maintenance_switch)
        REFUSE(CRYO_RESULT_SWITCH_NEEDED, 0);
    d->maintenance = true;
    cryo_enter(d, CRYO_DEVICE_STATE_MAINTENANCE, now);
}

static void exercise(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                     uint32_t now)
{
    uint8_t which = p[CRYO_EXERCISE_ACTUATOR_EXERCISE], level = p[CRYO_EXERCISE_ACTUATOR_LEVEL];
    uint16_t for_ms = cryo_get16(p + CRYO_EXERCISE_ACTUATOR_FOR_MS);
    if (d->state != CRYO_DEVICE_STATE_MAINTENANCE)
        REFUSE(CRYO_RESULT_MAINTENANCE_ONLY, d->state);
    if (which < CRYO_EXERCISE_VALVE || which > CRYO_EXERCISE_STIMULATOR || level > 100u ||
        for_ms == 0u)
        REFUSE(CRYO_RESULT_BAD_VALUE, 0);
    if (for_ms > CRYO_EXERCISE_CAP_MS)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, CRYO_EXERCISE_CAP_MS);
    bool valve = which == CRYO_EXERCISE_VALVE, warming = which == CRYO_EXERCISE_WARMING;
    bool stimulator = which == CRYO_EXERCISE_STIMULATOR;
    if ((warming && !fitted(d, CRYO_CAPABILITY_ACTIVE_THAW)) ||
        (stimulator && !fitted(d, STIMULATORS)))
        REFUSE(CRYO_RESULT_NOT_FITTED, 0);
    if (level == 0u && which != CRYO_EXERCISE_EXHAUST) {
        cryo_exercise_over(d, now);
        return;
    }
    uint32_t blocks = 0;
    if (valve || warming)
        blocks = d->faults & CRYO_FAULTS_BLOCKS_GAS;
    else if (stimulator)
        blocks = d->faults & CRYO_FAULTS_BLOCKS_STIMULATOR;
    if (blocks != 0u)
        REFUSE(CRYO_RESULT_FAULT_STANDS, blocks);
    if ((valve || stimulator) && (!d->known.present || !d->in.chip.present))
        REFUSE(CRYO_RESULT_PROBE_MISSING, 0);
    if (warming && !cryo_ok(d, CRYO_SENSOR_TIP))
        REFUSE(CRYO_RESULT_SENSOR_INVALID, d->in.quality[CRYO_SENSOR_TIP]);
    if (cryo_lease_left(d, CRYO_LEASE_FREEZE_MS, now) == 0u)
        REFUSE(CRYO_RESULT_NO_LEASE, 0);
    cryo_exercise_over(d, now);
    struct cryo_drive drive = {.exhaust_open = which != CRYO_EXERCISE_EXHAUST || level >= 50u};
    if (valve)
        drive.valve_percent = level;
    drive.warming = warming;
    if (stimulator) {
        drive.stimulator_on = true;
        drive.amplitude_ua = (uint16_t)(CRYO_EXERCISE_UA_PER_PERCENT * level);
        drive.rate_decihertz = 20;
        drive.pulse_us = 500;
    }
    d->drive = drive;
    d->exercise = which;
    d->exercise_end_ms = now + for_ms;
    out->value = d->exercise_end_ms;
}

static void calibrate(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out)
{
    static const int32_t largest[CRYO_CALIBRATIONS] = CRYO_CALIBRATION_LARGEST;
    uint8_t index = p[CRYO_CALIBRATE_INDEX];
    int32_t value = (int32_t)cryo_get32(p + CRYO_CALIBRATE_VALUE);
    if (d->state != CRYO_DEVICE_STATE_MAINTENANCE)
        REFUSE(CRYO_RESULT_MAINTENANCE_ONLY, d->state);
    if (index >= CRYO_CALIBRATIONS)
        REFUSE(CRYO_RESULT_BAD_VALUE, CRYO_CALIBRATIONS);
    if (value > largest[index] || value < -largest[index])
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, largest[index]);
    d->memory.calibration[index] = value;
    d->memory.calibrated_day[index] = d->settings.today_day;
    d->port.save(d->port.board, &d->memory);
}

static void simulate_input(struct cryo_device *d, const uint8_t *p, struct cryo_outcome *out,
                           uint32_t now)
{
    uint8_t input = p[CRYO_SIMULATE_INPUT_INPUT], quality = p[CRYO_SIMULATE_INPUT_QUALITY];
    uint16_t for_ms = cryo_get16(p + CRYO_SIMULATE_INPUT_FOR_MS);
    if (!fitted(d, CRYO_CAPABILITY_SIMULATED_INPUTS))
        REFUSE(CRYO_RESULT_NOT_FITTED, 0);
    if (input >= CRYO_SIMULATED_INPUTS || quality > CRYO_QUALITY_NOT_FITTED)
        REFUSE(CRYO_RESULT_BAD_VALUE, input);
    if (for_ms > CRYO_SIMULATE_CAP_MS)
        REFUSE(CRYO_RESULT_BEYOND_LIMIT, CRYO_SIMULATE_CAP_MS);
    if (!cryo_may_simulate(d))
        REFUSE(CRYO_RESULT_SWITCH_NEEDED, 0);
    if (for_ms == 0u) {
        cryo_real_again(d, input, now);
        return;
    }
    struct cryo_simulated one = {true, quality, cryo_get16(p + CRYO_SIMULATE_INPUT_VALUE),
                                 now + for_ms};
    d->simulated[input] = one;
    cryo_happened(d, CRYO_EVENT_CODE_INPUT_SIMULATED, input, one.value, now);
    out->value = one.until_ms;
}

void cryo_execute(struct cryo_device *d, const struct cryo_command *asked,
                  struct cryo_outcome *out, uint32_t now)
{
    const uint8_t *p = asked->payload;
    switch (asked->kind) {
    case CRYO_ARM: arm(d, p, out, now); break;
    case CRYO_START_FREEZE: start_freeze(d, p, out, now); break;
    case CRYO_START_STIMULATION: start_stimulation(d, p, out, now); break;
    case CRYO_EXTEND: extend(d, p, out); break;
    case CRYO_END:
        if (!d->freezing)
            REFUSE(CRYO_RESULT_WRONG_STATE, d->state);
        cryo_gas_off(d, CRYO_FREEZE_END_END_COMMAND, now);
        break;
    case CRYO_THAW: thaw(d, p, out, now); break;
    case CRYO_SET_AMPLITUDE: set_amplitude(d, p, out); break;
    case CRYO_STIMULATION_OFF:
        cryo_stimulator_off(d, CRYO_FREEZE_END_END_COMMAND, now);
        break;
    case CRYO_RESET: reset(d, out, now); break;
    case CRYO_SET_PEDAL_ROLE: set_pedal_role(d, p, out); break;
    case CRYO_TEST: test(d, p, out, now); break;
    case CRYO_READ_PROBE: read_probe(d, out); break;
    case CRYO_READ_CALIBRATION: read_calibration(d, p, out); break;
    case CRYO_SET_TIME_SCALE: set_time_scale(d, p, out, now); break;
    case CRYO_READ_LOG: read_log(d, p, out); break;
    case CRYO_SET_TELEMETRY_RATE: set_telemetry_rate(d, p, out, now); break;
    case CRYO_ENTER_MAINTENANCE: enter_maintenance(d, p, out, now); break;
    case CRYO_EXERCISE_ACTUATOR: exercise(d, p, out, now); break;
    case CRYO_CALIBRATE: calibrate(d, p, out); break;
    case CRYO_REBOOT:
        if (d->state != CRYO_DEVICE_STATE_MAINTENANCE)
            REFUSE(CRYO_RESULT_MAINTENANCE_ONLY, d->state);
        d->restart = true;
        break;
    default: simulate_input(d, p, out, now); break;
    }
}
