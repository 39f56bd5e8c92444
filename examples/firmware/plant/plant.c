/* The plant: first-order answers of tip and flow, and a board that only remembers. */
#include <string.h>

#include "plant.h"

#define COOLING_MS 2500  /* how fast a tip follows the gas, and the tissue */
#define WARMING_MS 4000
#define FLOW_MS 60
#define FULL_FLOW 300
#define COLDEST (-82000)
#define BODY 31000
#define HEATED 48000

static void read_inputs(void *board, struct cryo_inputs *inputs)
{
    struct plant *plant = board;
    *inputs = plant->inputs;
}

static void take_drive(void *board, const struct cryo_drive *drive)
{
    struct plant *plant = board;
    plant->drive = *drive;
}

static void count_use(void *board)
{
    struct plant *plant = board;
    if (plant->inputs.chip.uses_left != 0u)
        plant->inputs.chip.uses_left--;
}

static uint32_t draw(void *board)
{
    struct plant *plant = board;
    plant->chance ^= plant->chance << 13; /* xorshift: good enough for a plant, not for a console */
    plant->chance ^= plant->chance >> 17;
    plant->chance ^= plant->chance << 5;
    return plant->chance;
}

static void save(void *board, const struct cryo_memory *memory)
{
    struct plant *plant = board;
    plant->memory = *memory;
}

static void log_entry(void *board, const struct cryo_log_entry *entry)
{
    struct plant *plant = board;
    if (plant->log_count == PLANT_LOG) {
        plant->log_first = (uint16_t)((plant->log_first + 1u) % PLANT_LOG);
        plant->log_count--;
    }
    plant->log[(plant->log_first + plant->log_count++) % PLANT_LOG] = *entry;
}

static uint16_t logged(void *board)
{
    const struct plant *plant = board;
    return plant->log_count;
}

static void logged_at(void *board, uint16_t index, struct cryo_log_entry *entry)
{
    const struct plant *plant = board;
    *entry = plant->log[(plant->log_first + index) % PLANT_LOG];
}

void plant_port(struct plant *plant, struct cryo_port *port)
{
    struct cryo_port made = {plant, read_inputs, take_drive, count_use,
                             draw,  save,        log_entry,  logged,    logged_at};
    *port = made;
}

void plant_settings(struct cryo_settings *settings)
{
    struct cryo_settings made = {
        .gas = CRYO_GAS_N2O,
        .welcome_flags = CRYO_WELCOME_FLAG_SIMULATED,
        .capabilities = CRYO_CAPABILITY_STIMULATOR_CURRENT | CRYO_CAPABILITY_ACTIVE_THAW |
                        CRYO_CAPABILITY_FOOTSWITCH | CRYO_CAPABILITY_SECOND_VALVE |
                        CRYO_CAPABILITY_HOSE_SENSOR | CRYO_CAPABILITY_LEAK_TEST |
                        CRYO_CAPABILITY_SIMULATED_INPUTS,
        .coldest_target = CRYO_ZERO_CELSIUS + CRYO_N2O_COLDEST_TARGET_CENTICELSIUS,
        .usual_target = CRYO_ZERO_CELSIUS + CRYO_N2O_USUAL_TARGET_CENTICELSIUS,
        .lowest_tip = CRYO_ZERO_CELSIUS + CRYO_N2O_LOWEST_TIP_CENTICELSIUS,
        .impossible = CRYO_ZERO_CELSIUS + CRYO_N2O_IMPOSSIBLE_CENTICELSIUS,
        .supply_start_low = CRYO_N2O_SUPPLY_START_LOW_KPA,
        .supply_start_high = CRYO_N2O_SUPPLY_START_HIGH_KPA,
        .supply_stop_low = CRYO_N2O_SUPPLY_STOP_LOW_KPA,
        .supply_stop_high = CRYO_N2O_SUPPLY_STOP_HIGH_KPA,
        .full_flow_mg_s = FULL_FLOW,
        .today_day = 20788,
        .serial = "REF-CORE-1",
        .firmware = {1, 1, 0}};
    *settings = made;
}

void plant_new(struct plant *plant, uint32_t seed)
{
    memset(plant, 0, sizeof *plant);
    plant->chance = seed != 0u ? seed : 1u;
    plant->tip_milli = BODY;
    plant->drive.exhaust_open = true;
    struct cryo_chip chip = {.present = 1,
                             .uses_left = 20,
                             .model = "REF-14",
                             .serial = "REFPROBE0001",
                             .diameter_um = 1400,
                             .tip_length_um = 6000,
                             .expires_day = 40000};
    plant->inputs.chip = chip;
    plant_ms(plant);
}

uint8_t plant_read_back(const struct cryo_inputs *inputs, const struct cryo_drive *drive)
{
    uint32_t on = inputs->actuators & CRYO_ACTUATOR_PEDAL_DOWN;
    on |= drive->valve_percent != 0u ? CRYO_ACTUATOR_VALVE_OPEN : 0u;
    on |= drive->exhaust_open ? CRYO_ACTUATOR_EXHAUST_OPEN : 0u;
    on |= drive->warming ? CRYO_ACTUATOR_WARMING : 0u;
    on |= drive->stimulator_on ? CRYO_ACTUATOR_STIMULATOR_ON : 0u;
    on |= drive->supply_isolated ? CRYO_ACTUATOR_SUPPLY_ISOLATED : 0u;
    return (uint8_t)on;
}

static void measure(struct plant *plant)
{
    struct cryo_inputs *in = &plant->inputs;
    const struct cryo_drive *drive = &plant->drive;
    int32_t ripple = (plant->ms / 20u) % 2u != 0u ? 12 : -12; /* a reading is never quite still */
    in->value[CRYO_SENSOR_TIP] = CRYO_ZERO_CELSIUS + plant->tip_milli / 10 + ripple;
    in->value[CRYO_SENSOR_HOSE] = CRYO_ZERO_CELSIUS + 2000;
    in->value[CRYO_SENSOR_ROOM] = CRYO_ZERO_CELSIUS + 2100;
    in->value[CRYO_SENSOR_SUPPLY] = 4870 - drive->valve_percent / 10;
    in->value[CRYO_SENSOR_EXHAUST] =
        101 + drive->valve_percent * (drive->exhaust_open ? 1 : 10) / 2;
    in->value[CRYO_SENSOR_FLOW] = plant->flow_milli * FULL_FLOW / 1000;
    in->value[CRYO_SENSOR_DELIVERED] = drive->stimulator_on ? drive->amplitude_ua : 0;
    in->value[CRYO_SENSOR_IMPEDANCE] = 480;
    in->quality[CRYO_SENSOR_TIP] = (uint8_t)(in->chip.present ? CRYO_QUALITY_OK : CRYO_QUALITY_OPEN);
    bool flows = drive->stimulator_on && drive->amplitude_ua != 0u;
    in->quality[CRYO_SENSOR_IMPEDANCE] = (uint8_t)(flows ? CRYO_QUALITY_OK : CRYO_QUALITY_STALE);
    in->actuators = plant_read_back(in, drive);
}

void plant_ms(struct plant *plant)
{
    const struct cryo_drive *drive = &plant->drive;
    int32_t duty = drive->valve_percent * 10;
    int32_t toward = drive->warming ? HEATED : BODY;
    int32_t slow = WARMING_MS;
    if (duty != 0) { /* more gas, more cold; the tissue takes its share */
        toward = BODY + (COLDEST - BODY) * (duty > 950 ? 1000 : 50 + duty) / 1000;
        slow = COOLING_MS;
    }
    plant->ms++;
    plant->tip_milli += (toward - plant->tip_milli) / slow;
    plant->flow_milli += (duty - plant->flow_milli) / FLOW_MS;
    if (duty == 0 && plant->flow_milli < FLOW_MS)
        plant->flow_milli = 0; /* a whole number never gets there by itself */
    measure(plant);
}
