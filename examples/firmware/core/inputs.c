/* The inputs of a moment: read, calibrated, and where SimulateInput says so, replaced. */
#include "internal.h"

bool cryo_may_simulate(const struct cryo_device *d)
{
    return (d->settings.welcome_flags & CRYO_WELCOME_FLAG_SIMULATED) != 0u ||
           d->in.maintenance_switch;
}

void cryo_real_again(struct cryo_device *d, uint8_t input, uint32_t now)
{
    if (!d->simulated[input].on)
        return;
    d->simulated[input].on = false;
    cryo_happened(d, CRYO_EVENT_CODE_INPUT_SIMULATED, input, -1, now);
}

static void calibrate(struct cryo_device *d)
{
    const int32_t *offset = d->memory.calibration;
    struct cryo_inputs *in = &d->in;
    in->value[CRYO_SENSOR_TIP] += offset[0];
    in->value[CRYO_SENSOR_SUPPLY] += offset[1];
    in->value[CRYO_SENSOR_FLOW] += offset[2];
    if ((in->actuators & CRYO_ACTUATOR_STIMULATOR_ON) != 0u) {
        int32_t *delivered = &in->value[CRYO_SENSOR_DELIVERED];
        int32_t gain = *delivered * offset[4];
        /* rounded down, also when it is negative */
        *delivered += gain / 10000 - (gain % 10000 < 0) + offset[3];
        if (*delivered < 0)
            *delivered = 0;
    }
}

static void flag(struct cryo_inputs *in, uint8_t actuator, bool on)
{
    in->actuators = (uint8_t)(on ? in->actuators | actuator : in->actuators & ~actuator);
}

static void replace(struct cryo_device *d, unsigned input)
{
    const struct cryo_simulated *one = &d->simulated[input];
    struct cryo_inputs *in = &d->in;
    if (input < CRYO_SENSORS) {
        in->value[input] = one->value;
        in->quality[input] = one->quality;
        return;
    }
    switch (input) {
    case CRYO_SIMULATED_INPUT_PROBE:
        memset(&in->chip, 0, sizeof in->chip);
        in->chip.present = one->value != 0u;
        if (in->chip.present) {
            memcpy(in->chip.serial, "SIMULATED", 9);
            in->chip.uses_left = 20;
            in->chip.expires_day = 0xFFFF;
        }
        break;
    case CRYO_SIMULATED_INPUT_BROWN_OUT:
        in->brown_out = one->value != 0u;
        break;
    case CRYO_SIMULATED_INPUT_COMPLIANCE_PULSES:
        in->compliance_pulses = one->value;
        break;
    case CRYO_SIMULATED_INPUT_VALVE_OPEN:
        flag(in, CRYO_ACTUATOR_VALVE_OPEN, one->value != 0u);
        break;
    case CRYO_SIMULATED_INPUT_PEDAL:
        flag(in, CRYO_ACTUATOR_PEDAL_DOWN, one->value != 0u);
        break;
    default: /* the stop line */
        in->stop_line = one->value != 0u;
        break;
    }
}

void cryo_read_inputs(struct cryo_device *d, uint32_t now)
{
    bool allowed = cryo_may_simulate(d);
    for (uint8_t i = 0; i < CRYO_SIMULATED_INPUTS; i++)
        if (!allowed || now >= d->simulated[i].until_ms)
            cryo_real_again(d, i, now);
    d->port.read(d->port.board, &d->in);
    calibrate(d);
    for (unsigned i = 0; i < CRYO_SIMULATED_INPUTS; i++)
        if (d->simulated[i].on)
            replace(d, i);
}
