/* The reference core behind plain functions, so that tests can hold one from Python. Its inputs are
   what the test says; positions read back are what is driven. */
#include <stdlib.h>
#include <string.h>

#include "../../examples/firmware/core/cryo.h"
#include "../../examples/firmware/plant/plant.h"

struct held {
    struct cryo_device device;
    struct cryo_settings settings;
    struct cryo_port port;
    struct plant board;
    int32_t flow;
};

static void look(void *board, struct cryo_inputs *inputs)
{
    struct plant *plant = board;
    const struct held *held =
        (const struct held *)((const char *)plant - offsetof(struct held, board));
    const struct cryo_drive *drive = &plant->drive;
    *inputs = plant->inputs;
    inputs->actuators = plant_read_back(inputs, drive);
    inputs->value[CRYO_SENSOR_FLOW] = drive->valve_percent != 0u ? held->flow : 0;
    inputs->value[CRYO_SENSOR_DELIVERED] = drive->stimulator_on ? drive->amplitude_ua : 0;
}

void held_boot(struct held *held)
{
    cryo_boot(&held->device, &held->settings, &held->port, &held->board.memory, false);
}

struct held *held_new(uint32_t seed, int simulated, int capabilities)
{
    struct held *held = calloc(1, sizeof *held);
    plant_new(&held->board, seed);
    plant_settings(&held->settings);
    plant_port(&held->board, &held->port);
    held->port.read = look;
    held->settings.capabilities = (uint16_t)capabilities;
    held->settings.today_day = 20000;
    for (unsigned i = 0; i < CRYO_CALIBRATIONS; i++)
        held->board.memory.calibrated_day[i] = 20000;
    if (!simulated)
        held->settings.welcome_flags = 0;
    return held;
}

void held_free(struct held *held)
{
    free(held);
}

void held_sensor(struct held *held, int sensor, int32_t value, int quality)
{
    held->board.inputs.value[sensor] = value;
    held->board.inputs.quality[sensor] = (uint8_t)quality;
}

void held_flow(struct held *held, int32_t flow)
{
    held->flow = flow;
}

void held_inputs(struct held *held, int pedal, int stop_line, int maintenance_switch, int brown_out,
                 int compliance_pulses)
{
    struct cryo_inputs *in = &held->board.inputs;
    in->actuators = (uint8_t)(pedal ? CRYO_ACTUATOR_PEDAL_DOWN : 0u);
    in->stop_line = stop_line != 0;
    in->maintenance_switch = maintenance_switch != 0;
    in->brown_out = brown_out != 0;
    in->compliance_pulses = (uint16_t)compliance_pulses;
}

void held_chip(struct held *held, int present, const char *serial, int uses_left, int expires_day)
{
    struct cryo_chip *chip = &held->board.inputs.chip;
    memset(chip, 0, sizeof *chip);
    chip->present = (uint8_t)present;
    if (!present)
        return;
    memcpy(chip->model, "LT-14-6", 7);
    memcpy(chip->serial, serial, strnlen(serial, sizeof chip->serial));
    chip->uses_left = (uint8_t)uses_left;
    chip->diameter_um = 1400;
    chip->tip_length_um = 6000;
    chip->expires_day = (uint16_t)expires_day;
}

int held_uses_left(const struct held *held)
{
    return held->board.inputs.chip.uses_left;
}

void held_receive(struct held *held, const uint8_t *bytes, int count, uint32_t now)
{
    for (int i = 0; i < count; i++)
        cryo_receive(&held->device, bytes[i], now);
}

void held_step(struct held *held, uint32_t now)
{
    cryo_step(&held->device, now);
}

int held_transmit(struct held *held, uint8_t *out, uint32_t now)
{
    return (int)cryo_transmit(&held->device, out, now);
}

int held_restart_due(const struct held *held)
{
    return cryo_restart_due(&held->device);
}

int held_state(const struct held *held)
{
    return held->device.state;
}

uint32_t held_flaws(const struct held *held, int flaw)
{
    return held->device.flaws[flaw];
}
