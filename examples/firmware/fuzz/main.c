/* Throws noise, frames and inputs at the core, and looks after each at what must always be so.
 *
 *   fuzz SEED FRAMES      by its own generator, with sanitizers
 *   with -DLIBFUZZER      as a target of clang's fuzzer: each input is a script of the same kind
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/cryo.h"
#include "../plant/plant.h"

static struct cryo_device device;
static struct plant plant;
static struct cryo_settings settings;
static struct cryo_port port;
static uint32_t now_ms, sent, answered;

/* What is drawn next: from a script, or by the plant's own chance. */
static const uint8_t *script;
static size_t script_left;
static bool scripted;

static uint32_t draw(uint32_t below)
{
    uint32_t value;
    if (!scripted) {
        value = port.random(&plant) >> 8;
    } else if (script_left >= 2u) {
        value = script[0] | (uint32_t)script[1] << 8;
        script += 2;
        script_left -= 2;
    } else {
        value = 0;
        script_left = 0;
    }
    return value % below;
}

static void must(bool so, const char *what)
{
    if (!so) {
        fprintf(stderr, "%s at %u ms in state %u\n", what, (unsigned)now_ms, device.state);
        abort();
    }
}

static void holds(void)
{
    const struct cryo_drive *drive = &plant.drive;
    bool by_hand = device.exercise != 0u;
    must(drive->valve_percent == 0u || device.freezing || by_hand, "gas with no freeze");
    must(!drive->stimulator_on || device.stimulating || by_hand, "current with no stimulation");
    must(drive->valve_percent == 0u || !drive->stimulator_on, "gas and current");
    must(drive->valve_percent == 0u || drive->exhaust_open, "gas against a shut exhaust");
    must(!device.freezing || device.state == CRYO_DEVICE_STATE_FREEZING, "a freeze in no freeze");
    must(!device.freezing || now_ms - device.on_ms <= CRYO_FREEZE_CAP_MS, "a freeze past its cap");
    must(!drive->warming || device.state == CRYO_DEVICE_STATE_THAWING || by_hand, "warming");
    must(device.events_count <= CRYO_EVENTS_KEPT, "too many events");
    must(drive->amplitude_ua <= CRYO_STIMULATION_CAP_UA, "too much current");
}

static void takes(void)
{
    uint8_t frame[CRYO_FRAME_BYTES], raw[CRYO_FRAME_BYTES];
    size_t size;
    while ((size = cryo_transmit(&device, frame, now_ms)) != 0u) {
        must(size <= CRYO_FRAME_BYTES && frame[size - 1u] == 0u, "a frame too long");
        must(cryo_decode(frame, size - 1u, raw) > 0, "a frame of its own is flawed");
        answered++;
    }
}

static void hears(const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cryo_receive(&device, bytes[i], now_ms);
    holds();
}

static void put32(uint8_t *at, uint32_t value)
{
    for (unsigned i = 0; i < 4u; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* A command of the session with drawn fields; the ones that matter are often right. */
static void says(void)
{
    static const uint8_t length[] = {8, 4, 0, 1, 20, 16, 4, 0, 1, 2, 0, 0, 1, 1, 0, 1, 2, 2, 2, 1};
    static const uint8_t upper[] = {1, 4, 6, 0, 6};
    uint8_t raw[12 + 24] = {0}, frame[CRYO_FRAME_BYTES];
    uint32_t which = draw(32), sequence = device.sequence + (draw(16) == 0u ? 0u : 1u);
    bool high = which >= sizeof length;
    raw[0] = (uint8_t)(high ? CRYO_ENTER_MAINTENANCE + draw(sizeof upper) : 1u + which);
    raw[1] = high ? upper[raw[0] - CRYO_ENTER_MAINTENANCE] : length[which];
    if (draw(64) == 0u)
        raw[1] = (uint8_t)draw(24);
    for (unsigned i = 0; i < raw[1]; i++)
        raw[12 + i] = (uint8_t)(draw(3) == 0u ? draw(256) : draw(3));
    raw[2] = (uint8_t)sequence;
    raw[3] = (uint8_t)(sequence >> 8);
    put32(raw + 4, raw[0] == CRYO_HELLO ? 1u + draw(20) : device.session);
    if (raw[0] == CRYO_HELLO) {
        raw[12] = 1;
        raw[13] = 1;
        raw[14] = draw(8) == 0u;
        put32(raw + 16, CRYO_SCHEMA_HASH);
    } else if (raw[0] == CRYO_HEARTBEAT) {
        put32(raw + 12, now_ms - draw(200));
    } else if (raw[0] == CRYO_START_FREEZE || raw[0] == CRYO_START_STIMULATION) {
        put32(raw + 12, device.token);
        put32(raw + 16, now_ms + 250u);
        bool freeze = raw[0] == CRYO_START_FREEZE;
        raw[20] = freeze ? 0x5Bu : 1u; /* -70 °C, or SENSORY */
        raw[21] = freeze ? 0x4Fu : 0u;
        raw[22] = freeze ? (uint8_t)(1u + draw(2)) : 0xF4u; /* timing, or 50 Hz */
        raw[23] = (uint8_t)(freeze ? 0u : 1u);
        put32(raw + 24, freeze ? 500u + draw(9000) : 500u | (uint32_t)draw(3000) << 16);
        put32(raw + 28, 240000u);
    } else if (raw[0] == CRYO_ARM) {
        raw[12] = (uint8_t)(1u + draw(2));
    }
    size_t size = cryo_encode(raw, 12u + raw[1], frame);
    if (draw(32) == 0u)
        frame[draw((uint32_t)size)] ^= (uint8_t)(1u << draw(8));
    hears(frame, size);
    sent++;
}

static void happens(void)
{
    struct cryo_inputs *in = &plant.inputs;
    switch (draw(8)) {
    case 0: in->stop_line = draw(3) == 0u; break;
    case 1: in->maintenance_switch = draw(3) != 0u; break;
    case 2: in->brown_out = draw(8) == 0u; break;
    case 3: in->compliance_pulses = (uint16_t)draw(3); break;
    case 4: in->chip.present = draw(4) != 0u; break;
    case 5: in->actuators ^= CRYO_ACTUATOR_PEDAL_DOWN; break;
    case 6: plant.tip_milli = (int32_t)draw(140000) - 95000; break;
    default: in->chip.serial[0] = (char)('A' + (int)draw(2)); break;
    }
}

static void begins(uint32_t seed)
{
    plant_new(&plant, seed);
    plant_settings(&settings);
    plant_port(&plant, &port);
    now_ms = 0;
    cryo_boot(&device, &settings, &port, &plant.memory, seed % 7u == 0u);
}

static void turn(void)
{
    uint8_t noise[64];
    switch (draw(16)) {
    case 0: happens(); break;
    case 1: {
        uint32_t count = draw(sizeof noise);
        for (uint32_t i = 0; i < count; i++)
            noise[i] = (uint8_t)draw(256);
        hears(noise, count);
        break;
    }
    case 2: case 3: case 4: case 5: {
        uint32_t passes = draw(300);
        for (uint32_t i = 0; i < passes; i++) {
            plant_ms(&plant);
            cryo_step(&device, ++now_ms);
            holds();
        }
        break;
    }
    default: says(); break;
    }
    if (draw(4) != 0u)
        takes();
    if (cryo_restart_due(&device)) {
        now_ms = 0;
        cryo_boot(&device, &settings, &port, &plant.memory, false);
    }
}

#ifdef LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scripted = true;
    script = data;
    script_left = size;
    begins(1);
    while (script_left != 0u)
        turn();
    return 0;
}
#else
int main(int count, char **given)
{
    uint32_t seed = count > 1 ? (uint32_t)strtoul(given[1], NULL, 10) : 1u;
    uint32_t frames = count > 2 ? (uint32_t)strtoul(given[2], NULL, 10) : 100000u;
    uint32_t boots = 0;
    while (sent < frames) {
        uint32_t until = sent + 500u;
        begins(seed + boots++);
        while (sent < until)
            turn();
    }
    printf("%u frames heard, %u said, %u boots: nothing found\n", (unsigned)sent,
           (unsigned)answered, (unsigned)boots);
    return 0;
}
#endif
