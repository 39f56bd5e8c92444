/* What is done to the outputs: gas, stimulation, checks and exercises on and off, the safe state. */
#include "internal.h"

static const struct cryo_drive SAFE = {.exhaust_open = true};

void cryo_drives(struct cryo_device *d)
{
    d->port.drive(d->port.board, &d->drive);
}

void cryo_enter(struct cryo_device *d, uint8_t state, uint32_t now)
{
    uint8_t old = d->state;
    if (old == state)
        return;
    d->state = state;
    cryo_happened(d, CRYO_EVENT_CODE_STATE_CHANGED, state, old, now);
}

uint8_t cryo_resting(const struct cryo_device *d)
{
    return d->maintenance ? (uint8_t)CRYO_DEVICE_STATE_MAINTENANCE
                          : (uint8_t)CRYO_DEVICE_STATE_IDLE;
}

static int32_t tip(const struct cryo_device *d)
{
    return cryo_ok(d, CRYO_SENSOR_TIP) ? d->in.value[CRYO_SENSOR_TIP] : 0;
}

void cryo_gas_on(struct cryo_device *d, const struct cryo_plan *plan, bool local, uint32_t now)
{
    struct cryo_memory *memory = &d->memory;
    bool counted = memory->counted &&
                   memcmp(memory->counted_serial, d->known.serial, sizeof d->known.serial) == 0;
    if (d->known.present && !counted) { /* once for as long as it stays plugged in */
        memory->counted = true;
        memcpy(memory->counted_serial, d->known.serial, sizeof d->known.serial);
        d->port.save(d->port.board, memory);
        if (d->known.uses_left != 255u) {
            if (d->known.uses_left != 0u)
                d->known.uses_left--;
            d->port.count_use(d->port.board);
        }
    }
    bool isolated = d->drive.supply_isolated;
    d->drive = SAFE;
    d->drive.supply_isolated = isolated;
    d->drive.valve_percent = 100;
    d->plan = *plan;
    d->planned = d->freezing = true;
    d->near = d->at_target = d->warm = false;
    d->on_ms = d->gas_on_ms = now;
    d->end_ms = now + (plan->timing == CRYO_TIMING_FROM_START ? plan->freeze_ms : plan->cap_ms);
    d->integral = d->slope = d->held_tip = 0;
    d->local_start = local;
    d->gas_was_on = true;
    d->tip_at_on = tip(d);
    cryo_enter(d, CRYO_DEVICE_STATE_FREEZING, now);
    if (local)
        cryo_happened(d, CRYO_EVENT_CODE_LOCAL_START, 0, 0, now);
}

static void gas_is_off(struct cryo_device *d, uint32_t now)
{
    d->gas_was_off = true;
    d->gas_off_ms = now;
    d->tip_at_off = tip(d);
}

void cryo_gas_off(struct cryo_device *d, uint8_t why, uint32_t now)
{
    if (!d->freezing)
        return;
    d->drive.valve_percent = 0;
    d->drive.exhaust_open = true;
    d->drive.warming = false;
    d->freezing = d->local_start = false;
    gas_is_off(d, now);
    cryo_happened(d, CRYO_EVENT_CODE_FREEZE_ENDED, why, (int32_t)(now - d->on_ms), now);
    cryo_enter(d, CRYO_DEVICE_STATE_THAWING, now);
}

void cryo_stimulator_off(struct cryo_device *d, uint8_t why, uint32_t now)
{
    if (!d->stimulating)
        return;
    d->drive.stimulator_on = false;
    d->drive.amplitude_ua = 0;
    d->stimulating = false;
    cryo_happened(d, CRYO_EVENT_CODE_STIMULATION_ENDED, why, 0, now);
    cryo_enter(d, cryo_resting(d), now);
}

void cryo_test_over(struct cryo_device *d, bool passed, int32_t measured, uint32_t now)
{
    if (d->test == 0u)
        return;
    d->test = 0;
    d->drive.supply_isolated = (d->faults & CRYO_FAULTS_ISOLATES) != 0u;
    cryo_happened(d, CRYO_EVENT_CODE_TEST_ENDED, passed, measured, now);
    cryo_enter(d, cryo_resting(d), now);
}

void cryo_exercise_over(struct cryo_device *d, uint32_t now)
{
    if (d->exercise == 0u)
        return;
    bool was_open = d->drive.valve_percent != 0u;
    d->exercise = 0;
    d->drive = SAFE;
    if (was_open)
        gas_is_off(d, now);
}

bool cryo_runs(const struct cryo_device *d)
{
    return d->freezing || d->stimulating || d->test != 0u || d->exercise != 0u ||
           d->drive.warming || d->drive.valve_percent != 0u;
}

void cryo_safe(struct cryo_device *d, uint8_t why, uint32_t now)
{
    cryo_gas_off(d, why, now);
    cryo_stimulator_off(d, why, now);
    cryo_test_over(d, false, 0, now);
    cryo_exercise_over(d, now);
    bool isolated = d->drive.supply_isolated;
    d->drive = SAFE;
    d->drive.supply_isolated = isolated;
}

void cryo_stopped(struct cryo_device *d, uint8_t source, uint32_t now)
{
    bool ran = cryo_runs(d);
    cryo_safe(d, CRYO_FREEZE_END_STOP, now);
    cryo_isolate(d);
    cryo_drives(d);
    if (ran)
        cryo_happened(d, CRYO_EVENT_CODE_STOPPED, source, 0, now);
}
