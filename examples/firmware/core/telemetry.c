/* What the device says of itself: Telemetry and Welcome. */
#include "internal.h"

static int32_t number(const struct cryo_device *d, unsigned sensor)
{
    int32_t value = d->in.value[sensor];
    if (!cryo_ok(d, sensor) || value < 0)
        return 0;
    return value > 0xFFFF ? 0xFFFF : value;
}

static uint32_t remaining_ms(const struct cryo_device *d, uint32_t now)
{
    if (!d->freezing)
        return 0;
    if (d->plan.timing == CRYO_TIMING_FROM_TARGET && !d->at_target)
        return d->plan.freeze_ms; /* its clock has not begun */
    return d->end_ms > now ? d->end_ms - now : 0u;
}

void cryo_measure(struct cryo_device *d, uint32_t now)
{
    uint8_t *p = d->telemetry;
    uint32_t qualities = 0;
    bool stimulating = d->state == CRYO_DEVICE_STATE_STIMULATING;
    uint32_t lease = stimulating ? CRYO_LEASE_STIMULATION_MS : CRYO_LEASE_FREEZE_MS;
    uint8_t actuators = d->in.actuators;
    if (d->token_action != 0u && now <= d->token_until_ms)
        actuators |= CRYO_ACTUATOR_ARMED;
    if (d->local_start)
        actuators |= CRYO_ACTUATOR_LOCAL_START;
    for (unsigned i = 0; i < CRYO_SENSORS; i++)
        qualities |= (uint32_t)(d->in.quality[i] & 15u) << (4u * i);
    p[CRYO_TELEMETRY_STATE] = d->state;
    p[CRYO_TELEMETRY_ACTUATORS] = actuators;
    cryo_put32(p + CRYO_TELEMETRY_QUALITIES, qualities);
    cryo_put16(p + CRYO_TELEMETRY_TIP_CENTIKELVIN, (uint32_t)number(d, CRYO_SENSOR_TIP));
    cryo_put16(p + CRYO_TELEMETRY_HOSE_CENTIKELVIN, (uint32_t)number(d, CRYO_SENSOR_HOSE));
    cryo_put16(p + CRYO_TELEMETRY_ROOM_CENTIKELVIN, (uint32_t)number(d, CRYO_SENSOR_ROOM));
    cryo_put16(p + CRYO_TELEMETRY_SUPPLY_KPA, (uint32_t)number(d, CRYO_SENSOR_SUPPLY));
    cryo_put16(p + CRYO_TELEMETRY_EXHAUST_KPA, (uint32_t)number(d, CRYO_SENSOR_EXHAUST));
    cryo_put16(p + CRYO_TELEMETRY_FLOW_MG_S, (uint32_t)number(d, CRYO_SENSOR_FLOW));
    p[CRYO_TELEMETRY_VALVE_PERCENT] = d->drive.valve_percent;
    cryo_put16(p + CRYO_TELEMETRY_DELIVERED_UA, (uint32_t)number(d, CRYO_SENSOR_DELIVERED));
    cryo_put16(p + CRYO_TELEMETRY_IMPEDANCE_OHM, (uint32_t)number(d, CRYO_SENSOR_IMPEDANCE));
    cryo_put32(p + CRYO_TELEMETRY_REMAINING_FREEZE_MS, remaining_ms(d, now));
    cryo_put16(p + CRYO_TELEMETRY_REMAINING_LEASE_MS, cryo_lease_left(d, lease, now));
    cryo_put32(p + CRYO_TELEMETRY_FAULTS, d->faults);
    d->telemetry_ms = now;
    d->telemetry_waits = true;
}

void cryo_welcome(const struct cryo_device *d, uint8_t *p)
{
    const struct cryo_settings *s = &d->settings;
    p[CRYO_WELCOME_MAJOR] = CRYO_MAJOR;
    p[CRYO_WELCOME_MINOR] = CRYO_MINOR;
    p[CRYO_WELCOME_FLAGS] = s->welcome_flags;
    if (d->in.maintenance_switch)
        p[CRYO_WELCOME_FLAGS] |= CRYO_WELCOME_FLAG_MAINTENANCE_SWITCH;
    p[CRYO_WELCOME_GAS] = s->gas;
    cryo_put32(p + CRYO_WELCOME_SCHEMA_HASH, CRYO_SCHEMA_HASH);
    cryo_put32(p + CRYO_WELCOME_BOOT_ID, d->boot_id);
    memcpy(p + CRYO_WELCOME_SERIAL, s->serial, sizeof s->serial);
    memcpy(p + CRYO_WELCOME_FIRMWARE_MAJOR, s->firmware, sizeof s->firmware);
    p[CRYO_WELCOME_PEDAL_ROLE] = d->pedal_role;
    cryo_put16(p + CRYO_WELCOME_CAPABILITIES, s->capabilities);
    cryo_put16(p + CRYO_WELCOME_COLDEST_TARGET_CENTIKELVIN, (uint32_t)s->coldest_target);
    cryo_put16(p + CRYO_WELCOME_LOWEST_TIP_CENTIKELVIN, (uint32_t)s->lowest_tip);
    cryo_put32(p + CRYO_WELCOME_FREEZE_CAP_MS, CRYO_FREEZE_CAP_MS);
    cryo_put16(p + CRYO_WELCOME_TIP_PRESSURE_CAP_KPA, CRYO_TIP_PRESSURE_CAP_KPA);
    cryo_put16(p + CRYO_WELCOME_STIMULATION_CAP_UA, CRYO_STIMULATION_CAP_UA);
    cryo_put16(p + CRYO_WELCOME_LEASE_FREEZE_MS, CRYO_LEASE_FREEZE_MS);
    cryo_put16(p + CRYO_WELCOME_LEASE_STIMULATION_MS, CRYO_LEASE_STIMULATION_MS);
    cryo_put16(p + CRYO_WELCOME_TIME_SCALE_HUNDREDTHS, d->scale_hundredths);
    p[CRYO_WELCOME_TELEMETRY_PER_SECOND] = d->rate;
    p[CRYO_WELCOME_STATE] = d->state;
}
