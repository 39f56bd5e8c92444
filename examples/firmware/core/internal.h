/* What the core's files share; nothing of it is for ports. */
#ifndef CRYO_INTERNAL_H
#define CRYO_INTERNAL_H

#include <string.h>

#include "cryo.h"

#define CRYO_HEADER_BYTES 12u
#define CRYO_BIT(fault) ((uint32_t)1 << (fault))
#define CRYO_KELVIN(centicelsius) ((centicelsius) + CRYO_ZERO_CELSIUS)

/* A good command of the open session: its kind, and its payload of the right length. */
struct cryo_command {
    uint8_t kind;
    const uint8_t *payload;
};

/* What answers it: a result with a value, or a reading of its own kind in `payload`. */
struct cryo_outcome {
    uint8_t kind; /* CRYO_ANSWER, or the reading's */
    uint8_t result;
    uint32_t value;
    uint8_t payload[CRYO_PROBE_BYTES];
};

/* frame.c */
uint16_t cryo_get16(const uint8_t *at);
uint32_t cryo_get32(const uint8_t *at);
void cryo_put16(uint8_t *at, uint32_t value);
void cryo_put32(uint8_t *at, uint32_t value);

/* link.c */
void cryo_happened(struct cryo_device *d, uint8_t code, uint8_t detail, int32_t value,
                   uint32_t now);
void cryo_events_due(struct cryo_device *d, uint32_t now);
uint32_t cryo_lease_left(const struct cryo_device *d, uint32_t lease_ms, uint32_t now);
uint32_t cryo_grant(struct cryo_device *d, uint8_t action, uint32_t now);
uint8_t cryo_spend(struct cryo_device *d, const uint8_t *start, uint8_t action, uint32_t now);

/* telemetry.c */
void cryo_measure(struct cryo_device *d, uint32_t now);
void cryo_welcome(const struct cryo_device *d, uint8_t *payload);

/* actions.c: what is done to the outputs */
void cryo_enter(struct cryo_device *d, uint8_t state, uint32_t now);
uint8_t cryo_resting(const struct cryo_device *d);
void cryo_gas_on(struct cryo_device *d, const struct cryo_plan *plan, bool local, uint32_t now);
void cryo_gas_off(struct cryo_device *d, uint8_t why, uint32_t now);
void cryo_stimulator_off(struct cryo_device *d, uint8_t why, uint32_t now);
void cryo_test_over(struct cryo_device *d, bool passed, int32_t measured, uint32_t now);
void cryo_exercise_over(struct cryo_device *d, uint32_t now);
void cryo_safe(struct cryo_device *d, uint8_t why, uint32_t now);
void cryo_stopped(struct cryo_device *d, uint8_t source, uint32_t now);
bool cryo_runs(const struct cryo_device *d);
void cryo_drives(struct cryo_device *d);

/* commands.c */
void cryo_execute(struct cryo_device *d, const struct cryo_command *asked,
                  struct cryo_outcome *out, uint32_t now);
uint8_t cryo_may_freeze(const struct cryo_device *d, uint32_t *value, uint32_t now);

/* running.c */
void cryo_went_on(struct cryo_device *d, uint32_t now);
void cryo_control(struct cryo_device *d);
void cryo_attend(struct cryo_device *d, uint32_t now);
void cryo_identify(struct cryo_device *d, uint32_t now);

/* inputs.c */
void cryo_read_inputs(struct cryo_device *d, uint32_t now);
void cryo_real_again(struct cryo_device *d, uint8_t input, uint32_t now);
bool cryo_may_simulate(const struct cryo_device *d);

/* protection.c */
void cryo_observe(struct cryo_device *d, bool control, uint32_t now);
void cryo_watch(struct cryo_device *d, uint32_t now);
void cryo_trip(struct cryo_device *d, uint8_t fault, int32_t value, uint32_t now);
void cryo_clear(struct cryo_device *d, uint32_t faults, uint32_t now);
void cryo_isolate(struct cryo_device *d);

static inline bool cryo_ok(const struct cryo_device *d, unsigned sensor)
{
    return d->in.quality[sensor] == CRYO_QUALITY_OK;
}

#endif
