/* Cryoprobe Console Link: the device's side in portable C99, for the console of a cryoprobe.
 *
 * What it is. Everything that docs/protocol.md asks of a device: frames, sessions, commands, tokens,
 * lease, events, telemetry, the states, the freeze's timer and its hold, the thaw, and every row of
 * the fault table. What it is not: drivers. The port (cryo_port) reads the inputs, moves the
 * outputs and keeps what must outlive a restart.
 *
 * How it is used.
 *   cryo_boot()      once after every start, before anything else.
 *   cryo_receive()   for each byte of the line, as it comes. Acts on a frame at its last byte: STOP
 *                    has called port.drive before this returns.
 *   cryo_step()      every millisecond (every CRYO_STEP_MS at the latest): reads the inputs, runs
 *                    the timers and the protection, drives the outputs. Feed the watchdog behind
 *                    it and nowhere else.
 *   cryo_transmit()  whenever the line is free: the next frame to send, or 0.
 * All four from one thread, or with interrupts held off: nothing in here locks.
 *
 * Time is passed in: milliseconds since the boot, from a counter that loses no tick.
 * Memory: one struct cryo_device, wherever the port puts it; no heap, no recursion, no libc but
 * memcpy, memmove, memcmp and memset. Its cost in RAM, flash and stack stands in docs/porting.md, measured.
 * Nothing in here can fail: bad frames are counted, bad commands are answered.
 */
#ifndef CRYO_H
#define CRYO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

#define CRYO_STEP_MS 10u
#define CRYO_CONTROL_MS 20u /* period of the hold controller and of the stimulator's ramp */
#define CRYO_FRAME_BYTES 128u /* longest frame that is sent, with its zero */
#ifndef CRYO_RECEIVE_BYTES
#define CRYO_RECEIVE_BYTES 63u /* a host's longest frame, without its zero */
#endif
#define CRYO_ANSWERS_KEPT 4u
#define CRYO_SENSORS 8u
#define CRYO_SIMULATED_INPUTS 14u
#define CRYO_ROWS 29u
#define CRYO_ZERO_CELSIUS 27315 /* 0.01 K */

/* What the chip in the probe's plug says. `present` 0: nothing answers. */
struct cryo_chip {
    uint8_t present;
    uint8_t uses_left;
    char model[8];
    char serial[12];
    uint16_t diameter_um;
    uint16_t tip_length_um;
    uint16_t expires_day; /* days since 1970-01-01 */
};

/* All inputs of one moment. Numbers by CRYO_SENSOR_, in the units of Telemetry (temperatures in
   0.01 K); one counts only with CRYO_QUALITY_OK. Actuators are positions read back. */
struct cryo_inputs {
    int32_t value[CRYO_SENSORS];
    uint8_t quality[CRYO_SENSORS];
    uint8_t actuators; /* CRYO_ACTUATOR_, but for ARMED and LOCAL_START */
    uint16_t compliance_pulses;
    bool stop_line;
    bool maintenance_switch;
    bool brown_out;
    struct cryo_chip chip;
};

/* All outputs. All zero but `exhaust_open` is the safe state. */
struct cryo_drive {
    uint8_t valve_percent;
    bool exhaust_open;
    bool warming;
    bool supply_isolated;
    bool stimulator_on;
    uint16_t amplitude_ua;
    uint16_t rate_decihertz;
    uint16_t pulse_us;
};

/* What outlives a restart. All zero: a new console. */
struct cryo_memory {
    uint32_t faults; /* that only an engineer clears */
    int32_t calibration[CRYO_CALIBRATIONS];
    uint16_t calibrated_day[CRYO_CALIBRATIONS];
    bool counted; /* a use of the probe counted_serial is counted */
    char counted_serial[12];
};

struct cryo_log_entry {
    uint8_t code;
    uint8_t detail;
    uint32_t at_ms;
    uint32_t boot_id;
    int32_t value;
};

/* The board. All functions are called from within the four above; none may block. */
struct cryo_port {
    void *board;
    void (*read)(void *board, struct cryo_inputs *inputs);
    void (*drive)(void *board, const struct cryo_drive *drive);
    void (*count_use)(void *board);                               /* one use less into the chip */
    uint32_t (*random)(void *board);                              /* 32 bits nobody can guess */
    void (*save)(void *board, const struct cryo_memory *memory);  /* before it returns */
    void (*log)(void *board, const struct cryo_log_entry *entry); /* append */
    uint16_t (*logged)(void *board);                              /* how many there are */
    void (*logged_at)(void *board, uint16_t index, struct cryo_log_entry *entry); /* 0: oldest */
};

/* What this console is built as. Temperatures in 0.01 K, pressures in kPa absolute. */
struct cryo_settings {
    uint8_t gas; /* CRYO_GAS_ */
    uint8_t welcome_flags; /* CRYO_WELCOME_FLAG_SIMULATED or 0 */
    uint16_t capabilities;
    int32_t coldest_target, usual_target, lowest_tip, impossible;
    int32_t supply_start_low, supply_start_high, supply_stop_low, supply_stop_high;
    int32_t full_flow_mg_s; /* what a fully open valve passes with good supply */
    uint16_t today_day;
    char serial[12];
    uint8_t firmware[3];
};

/* From here on all is the core's own. */

struct cryo_raw {
    uint8_t length;
    uint8_t byte[12 + CRYO_WELCOME_BYTES]; /* header and payload */
};

struct cryo_event {
    uint16_t number;
    uint8_t code;
    uint8_t detail;
    uint32_t at_ms;
    int32_t value;
    uint32_t sent_ms;
    bool due; /* to be sent now */
};

struct cryo_plan {
    int32_t target;
    uint8_t timing;
    uint32_t freeze_ms;
    uint32_t cap_ms;
};

struct cryo_simulated {
    bool on;
    uint8_t quality;
    uint16_t value;
    uint32_t until_ms;
};

struct cryo_stop_answer {
    uint32_t session;
    uint32_t at_ms;
    uint16_t sequence;
};

struct cryo_device {
    struct cryo_settings settings;
    struct cryo_port port;
    struct cryo_memory memory;
    struct cryo_inputs in;
    struct cryo_drive drive;
    uint32_t boot_id, salt;

    /* line */
    uint8_t received[CRYO_RECEIVE_BYTES];
    uint8_t received_count;
    bool overrun;
    uint32_t flaws[6]; /* counted, by CRYO_FLAW_ */
    struct cryo_raw answers[CRYO_ANSWERS_KEPT];
    uint8_t answers_first, answers_count;
    struct cryo_stop_answer stops[CRYO_STOP_ANSWERS_KEPT];
    uint8_t stops_first, stops_count;
    uint8_t telemetry[CRYO_TELEMETRY_BYTES];
    uint32_t telemetry_ms;
    bool telemetry_waits;
    uint16_t telemetry_sequence;

    /* session */
    uint32_t session, past[CRYO_SESSIONS_KEPT];
    uint8_t past_at, minor;
    bool read_only;
    uint16_t sequence;
    struct cryo_raw remembered; /* length 0: none */
    uint32_t token, token_until_ms, tokens_made;
    uint8_t token_action; /* 0: no token is out */
    bool echoed;
    uint32_t echo_ms;
    struct cryo_event events[CRYO_EVENTS_KEPT];
    uint8_t events_first, events_count;
    uint16_t event_number;

    /* states */
    uint8_t state, rate, pedal_role;
    uint16_t scale_hundredths;
    bool maintenance, restart, pedal_down, stop_line, local_start;
    struct cryo_plan plan; /* the running one, and the last */
    bool planned, freezing, near, at_target;
    uint32_t on_ms, end_ms, near_ms, at_target_ms;
    int32_t integral, slope, held_tip; /* of the hold controller; held_tip 0: none */
    bool stimulating;
    uint32_t stimulation_ms;
    uint16_t limit_ua, wanted_ua;
    uint8_t test, exercise; /* which, 0: none */
    uint32_t test_from_ms, test_end_ms, exercise_end_ms;
    bool test_measured;
    int32_t test_supply;
    bool warm;
    uint32_t warm_ms, warming_ms;
    struct cryo_chip known;
    bool odd;
    uint32_t odd_ms;
    struct cryo_simulated simulated[CRYO_SIMULATED_INPUTS];
    uint32_t telemetry_due_ms, control_ms;

    /* protection */
    uint32_t faults, standing;
    uint32_t since[CRYO_ROWS];
    uint32_t tripping; /* rows whose condition holds, by bit */
    bool gas_was_on, gas_was_off; /* since the boot: the times below are set */
    uint32_t gas_on_ms, gas_off_ms;
    int32_t tip_at_on, tip_at_off; /* 0: no reading */
    int32_t anchor, tips[3];
    uint32_t anchor_ms;
    uint16_t delivered[6];
    uint8_t delivered_count;
    int32_t duty_mean; /* 1/65536 */
};

/* Starts the device with all outputs safe. `by_watchdog`: the last boot was ended by it. */
void cryo_boot(struct cryo_device *d, const struct cryo_settings *settings,
               const struct cryo_port *port, const struct cryo_memory *memory, bool by_watchdog);

/* Takes in one byte of the line at `now_ms`. */
void cryo_receive(struct cryo_device *d, uint8_t byte, uint32_t now_ms);

/* Lets time come to `now_ms`. */
void cryo_step(struct cryo_device *d, uint32_t now_ms);

/* Writes the next frame into `out` (CRYO_FRAME_BYTES) and returns its length, 0 when there is
   none. Answers to STOP come first, then answers, events, telemetry. */
size_t cryo_transmit(struct cryo_device *d, uint8_t *out, uint32_t now_ms);

/* Whether the board is to restart: once all that cryo_transmit() gives is on the wire. */
bool cryo_restart_due(const struct cryo_device *d);

/* A simulated device whose time stands: telemetry again, and with `events` all that wait. */
void cryo_stands(struct cryo_device *d, bool events, uint32_t now_ms);

/* --- frames: for ports and tests ---------------------------------------------------------- */

/* CRC-32C of `size` bytes. */
uint32_t cryo_crc(const uint8_t *bytes, size_t size);

/* The frame of `size` raw bytes (header and payload) with its zero; returns its length. */
size_t cryo_encode(const uint8_t *raw, size_t size, uint8_t *out);

/* The raw bytes of the `size` bytes before a zero; returns how many, or minus a CRYO_FLAW_. */
int cryo_decode(const uint8_t *bytes, size_t size, uint8_t *raw);

#endif
