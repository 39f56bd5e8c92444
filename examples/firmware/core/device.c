/* Boot and step: in which order a moment's work is done. */
#include "internal.h"

void cryo_boot(struct cryo_device *d, const struct cryo_settings *settings,
               const struct cryo_port *port, const struct cryo_memory *memory, bool by_watchdog)
{
    memset(d, 0, sizeof *d);
    d->settings = *settings;
    d->port = *port;
    d->memory = *memory;
    d->drive.exhaust_open = true;
    d->state = CRYO_DEVICE_STATE_IDLE;
    d->rate = CRYO_BOOT_TELEMETRY_PER_SECOND;
    d->pedal_role = CRYO_PEDAL_ROLE_STOP_ONLY;
    d->scale_hundredths = 100;
    d->faults = memory->faults | (by_watchdog ? CRYO_BIT(CRYO_FAULT_WATCHDOG) : 0u);
    do {
        d->boot_id = port->random(port->board);
    } while (d->boot_id == 0u);
    d->salt = port->random(port->board);
    cryo_drives(d);
    cryo_read_inputs(d, 0);
    d->known = d->in.chip;
    d->pedal_down = (d->in.actuators & CRYO_ACTUATOR_PEDAL_DOWN) != 0u;
    d->stop_line = d->in.stop_line;
    d->telemetry_due_ms = 1000u / d->rate;
    d->control_ms = CRYO_CONTROL_MS;
    cryo_isolate(d);
    cryo_drives(d);
    cryo_measure(d, 0);
}

void cryo_step(struct cryo_device *d, uint32_t now_ms)
{
    bool control = now_ms >= d->control_ms;
    if (control)
        d->control_ms = now_ms - now_ms % CRYO_CONTROL_MS + CRYO_CONTROL_MS;
    cryo_read_inputs(d, now_ms);
    cryo_observe(d, control, now_ms);
    cryo_attend(d, now_ms);
    cryo_went_on(d, now_ms);
    cryo_watch(d, now_ms);
    cryo_identify(d, now_ms);
    if (control)
        cryo_control(d);
    cryo_drives(d);
    if (now_ms >= CRYO_RESTART_AFTER_MS && d->state == CRYO_DEVICE_STATE_IDLE)
        d->restart = true;
    cryo_events_due(d, now_ms);
    if (now_ms >= d->telemetry_due_ms) {
        uint32_t period = 1000u / d->rate;
        d->telemetry_due_ms += period;
        if (d->telemetry_due_ms <= now_ms) /* held up: no burst of what was missed */
            d->telemetry_due_ms = now_ms + period;
        cryo_measure(d, now_ms);
    }
}

bool cryo_restart_due(const struct cryo_device *d)
{
    return d->restart;
}
