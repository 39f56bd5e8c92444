/* A small plant to try a device on: gas, tip, stimulator and probe, as variables. No gas, no
   patient: the device says SIMULATED. */
#ifndef PLANT_H
#define PLANT_H

#include "../core/cryo.h"

#define PLANT_LOG 256u

struct plant {
    /* what the board keeps */
    struct cryo_inputs inputs;
    struct cryo_drive drive;
    struct cryo_memory memory;
    struct cryo_log_entry log[PLANT_LOG];
    uint16_t log_first, log_count;
    uint32_t chance;
    /* what happens, in 1/1000 °C and 1/1000 of the full flow */
    int32_t tip_milli, flow_milli;
    uint32_t ms;
};

/* A console at rest: probe plugged in, tip at +31 °C, supply good. */
void plant_new(struct plant *plant, uint32_t seed);

/* The settings of this console, for nitrous oxide, with all there is. */
void plant_settings(struct cryo_settings *settings);

/* The board that is this plant. */
void plant_port(struct plant *plant, struct cryo_port *port);

/* The positions that `drive` reads back as, with those of `inputs` that nothing drives. */
uint8_t plant_read_back(const struct cryo_inputs *inputs, const struct cryo_drive *drive);

/* One millisecond passes with the outputs as driven. */
void plant_ms(struct plant *plant);

#endif
