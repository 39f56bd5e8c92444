/* Sessions, sequences, tokens, lease, events, and the order in which frames go out. */
#include "internal.h"

static void put_header(uint8_t *raw, uint8_t kind, uint8_t length, uint16_t sequence,
                       uint32_t session, uint32_t now)
{
    raw[0] = kind;
    raw[1] = length;
    cryo_put16(raw + 2, sequence);
    cryo_put32(raw + 4, session);
    cryo_put32(raw + 8, now);
}

/* --- events ---------------------------------------------------------------------------------- */

void cryo_happened(struct cryo_device *d, uint8_t code, uint8_t detail, int32_t value, uint32_t now)
{
    if (d->events_count == CRYO_EVENTS_KEPT) { /* the oldest goes; its number shows the gap */
        d->events_first = (uint8_t)((d->events_first + 1u) % CRYO_EVENTS_KEPT);
        d->events_count--;
    }
    d->event_number = (uint16_t)(d->event_number % 0xFFFFu + 1u);
    struct cryo_event *event =
        &d->events[(d->events_first + d->events_count++) % CRYO_EVENTS_KEPT];
    event->number = d->event_number;
    event->code = code;
    event->detail = detail;
    event->at_ms = now;
    event->value = value;
    event->sent_ms = now;
    event->due = d->session != 0u;
    struct cryo_log_entry entry = {code, detail, now, d->boot_id, value};
    d->port.log(d->port.board, &entry);
}

void cryo_events_due(struct cryo_device *d, uint32_t now)
{
    if (d->session == 0u)
        return;
    for (unsigned i = 0; i < d->events_count; i++) {
        struct cryo_event *event = &d->events[(d->events_first + i) % CRYO_EVENTS_KEPT];
        if (now - event->sent_ms >= CRYO_EVENT_REPEAT_MS) {
            event->sent_ms = now;
            event->due = true;
        }
    }
}

static void acknowledged(struct cryo_device *d, uint16_t number)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < d->events_count; i++) {
        const struct cryo_event *event = &d->events[(d->events_first + i) % CRYO_EVENTS_KEPT];
        if (event->number != number)
            d->events[(d->events_first + kept++) % CRYO_EVENTS_KEPT] = *event;
    }
    d->events_count = (uint8_t)kept;
}

/* --- tokens and lease ------------------------------------------------------------------------ */

uint32_t cryo_lease_left(const struct cryo_device *d, uint32_t lease_ms, uint32_t now)
{
    uint32_t end = d->echo_ms + lease_ms;
    return d->echoed && end > now ? end - now : 0u;
}

uint32_t cryo_grant(struct cryo_device *d, uint8_t action, uint32_t now)
{
    uint32_t value;
    do { /* a bijection of a count: no token comes twice, and without the salt none tells the next */
        value = d->salt + ++d->tokens_made * 0x9E3779B1u;
        value = (value ^ value >> 16) * 0x85EBCA6Bu;
        value = (value ^ value >> 13) * 0xC2B2AE35u;
        value ^= value >> 16;
    } while (value == 0u);
    d->token = value;
    d->token_action = action;
    d->token_until_ms = now + CRYO_TOKEN_LIFE_MS;
    return value;
}

uint8_t cryo_spend(struct cryo_device *d, const uint8_t *start, uint8_t action, uint32_t now)
{
    uint32_t token = cryo_get32(start), expires = cryo_get32(start + 4);
    uint8_t of = d->token_action;
    d->token_action = 0; /* gone, whether the start is granted or not */
    if (of != action || token != d->token)
        return CRYO_RESULT_NO_TOKEN;
    if (now > d->token_until_ms || now > expires)
        return CRYO_RESULT_EXPIRED;
    return expires - now > CRYO_START_AHEAD_MS ? CRYO_RESULT_BAD_VALUE : CRYO_RESULT_DONE;
}

/* --- in -------------------------------------------------------------------------------------- */

static bool newer(uint16_t sequence, uint16_t than)
{
    uint16_t ahead = (uint16_t)(sequence - than);
    return ahead != 0u && ahead < 0x8000u;
}

/* Queues what answers `frame`; NULL when no place is left: the host asks again. */
static struct cryo_raw *reply(struct cryo_device *d, const uint8_t *frame, uint8_t kind,
                              uint8_t length, uint32_t now)
{
    if (d->answers_count == CRYO_ANSWERS_KEPT)
        return NULL;
    struct cryo_raw *raw =
        &d->answers[(d->answers_first + d->answers_count++) % CRYO_ANSWERS_KEPT];
    raw->length = (uint8_t)(CRYO_HEADER_BYTES + length);
    put_header(raw->byte, kind, length, cryo_get16(frame + 2), cryo_get32(frame + 4), now);
    return raw;
}

static struct cryo_raw *answer(struct cryo_device *d, const uint8_t *frame, uint8_t result,
                               uint32_t value, uint32_t now)
{
    struct cryo_raw *raw = reply(d, frame, CRYO_ANSWER, CRYO_ANSWER_BYTES, now);
    if (raw != NULL) {
        raw->byte[CRYO_HEADER_BYTES + CRYO_ANSWER_COMMAND] = frame[0];
        raw->byte[CRYO_HEADER_BYTES + CRYO_ANSWER_RESULT] = result;
        cryo_put32(raw->byte + CRYO_HEADER_BYTES + CRYO_ANSWER_VALUE, value);
    }
    return raw;
}

static void stop(struct cryo_device *d, const uint8_t *frame, uint32_t now)
{
    uint32_t session = cryo_get32(frame + 4);
    uint16_t sequence = cryo_get16(frame + 2);
    d->token_action = 0;
    cryo_stopped(d, CRYO_STOP_SOURCE_HOST, now);
    if (d->session != 0u && session == d->session && newer(sequence, d->sequence)) {
        d->sequence = sequence;
        d->remembered.length = 0;
    }
    if (d->stops_count == CRYO_STOP_ANSWERS_KEPT) { /* the newest must be answered */
        d->stops_first = (uint8_t)((d->stops_first + 1u) % CRYO_STOP_ANSWERS_KEPT);
        d->stops_count--;
    }
    struct cryo_stop_answer *kept =
        &d->stops[(d->stops_first + d->stops_count++) % CRYO_STOP_ANSWERS_KEPT];
    kept->session = session;
    kept->sequence = sequence;
    kept->at_ms = now;
}

static void hello(struct cryo_device *d, const uint8_t *frame, uint32_t now)
{
    const uint8_t *payload = frame + CRYO_HEADER_BYTES;
    uint32_t session = cryo_get32(frame + 4);
    bool fresh = session != d->session;
    if (session == 0u)
        return;
    for (unsigned i = 0; i < CRYO_SESSIONS_KEPT; i++)
        if (session == d->past[i])
            return;
    if (fresh) {
        uint8_t major = payload[CRYO_HELLO_MAJOR], minor = payload[CRYO_HELLO_MINOR];
        bool same = major == CRYO_MAJOR &&
                    (minor != CRYO_MINOR ||
                     cryo_get32(payload + CRYO_HELLO_SCHEMA_HASH) == CRYO_SCHEMA_HASH);
        if (d->session != 0u) {
            d->past[d->past_at] = d->session;
            d->past_at = (uint8_t)((d->past_at + 1u) % CRYO_SESSIONS_KEPT);
        }
        d->session = session;
        d->sequence = cryo_get16(frame + 2);
        d->remembered.length = 0;
        d->read_only = !same || (payload[CRYO_HELLO_FLAGS] & CRYO_HELLO_FLAG_READ_ONLY) != 0u;
        d->minor = minor < CRYO_MINOR ? minor : (uint8_t)CRYO_MINOR;
        d->token_action = 0;
        d->echoed = false;
        /* Nobody inherits gas or current, nor inputs that are not real. */
        for (uint8_t input = 0; input < CRYO_SIMULATED_INPUTS; input++)
            cryo_real_again(d, input, now);
        cryo_safe(d, CRYO_FREEZE_END_NEW_SESSION, now);
        cryo_isolate(d);
        cryo_drives(d);
    }
    struct cryo_raw *raw = reply(d, frame, CRYO_WELCOME, CRYO_WELCOME_BYTES, now);
    if (raw != NULL)
        cryo_welcome(d, raw->byte + CRYO_HEADER_BYTES);
    if (fresh)
        cryo_measure(d, now);
}

/* Payload bytes of the kinds from the host; -1 for those that this version does not know. */
static int length_of(uint8_t kind)
{
    static const int8_t upper[] = {
        (int8_t)CRYO_ENTER_MAINTENANCE_BYTES, (int8_t)CRYO_EXERCISE_ACTUATOR_BYTES,
        (int8_t)CRYO_CALIBRATE_BYTES, (int8_t)CRYO_REBOOT_BYTES, (int8_t)CRYO_SIMULATE_INPUT_BYTES};
    static const int8_t lower[] = {
        (int8_t)CRYO_HELLO_BYTES, (int8_t)CRYO_HEARTBEAT_BYTES, (int8_t)CRYO_STOP_BYTES,
        (int8_t)CRYO_ARM_BYTES, (int8_t)CRYO_START_FREEZE_BYTES,
        (int8_t)CRYO_START_STIMULATION_BYTES, (int8_t)CRYO_EXTEND_BYTES, (int8_t)CRYO_END_BYTES,
        (int8_t)CRYO_THAW_BYTES, (int8_t)CRYO_SET_AMPLITUDE_BYTES,
        (int8_t)CRYO_STIMULATION_OFF_BYTES, (int8_t)CRYO_RESET_BYTES,
        (int8_t)CRYO_SET_PEDAL_ROLE_BYTES, (int8_t)CRYO_TEST_BYTES, (int8_t)CRYO_READ_PROBE_BYTES,
        (int8_t)CRYO_READ_CALIBRATION_BYTES, (int8_t)CRYO_SET_TIME_SCALE_BYTES,
        (int8_t)CRYO_EVENT_ACK_BYTES, (int8_t)CRYO_READ_LOG_BYTES,
        (int8_t)CRYO_SET_TELEMETRY_RATE_BYTES};
    if (kind >= CRYO_HELLO && kind < CRYO_HELLO + sizeof lower)
        return lower[kind - CRYO_HELLO];
    if (kind >= CRYO_ENTER_MAINTENANCE && kind < CRYO_ENTER_MAINTENANCE + sizeof upper)
        return upper[kind - CRYO_ENTER_MAINTENANCE];
    return -1;
}

static void unanswered(struct cryo_device *d, const uint8_t *frame, uint32_t now)
{
    const uint8_t *payload = frame + CRYO_HEADER_BYTES;
    if (frame[0] == CRYO_EVENT_ACK) {
        acknowledged(d, cryo_get16(payload));
        return;
    }
    /* An echo of a time that has not been is no evaluation. */
    uint32_t echo = cryo_get32(payload);
    if (echo <= now && (!d->echoed || echo > d->echo_ms)) {
        d->echoed = true;
        d->echo_ms = echo;
    }
}

static void command(struct cryo_device *d, const uint8_t *frame, bool known, uint32_t now)
{
    uint16_t sequence = cryo_get16(frame + 2);
    if (d->session == 0u || cryo_get32(frame + 4) != d->session) {
        (void)answer(d, frame, CRYO_RESULT_WRONG_SESSION, 0, now);
        return;
    }
    if (sequence == d->sequence) {
        if (d->remembered.length != 0u && d->answers_count < CRYO_ANSWERS_KEPT)
            d->answers[(d->answers_first + d->answers_count++) % CRYO_ANSWERS_KEPT] = d->remembered;
        return;
    }
    if (!newer(sequence, d->sequence))
        return;
    d->sequence = sequence;
    d->remembered.length = 0;
    if (frame[0] == CRYO_SIMULATE_INPUT && d->minor < 1u)
        known = false;
    struct cryo_outcome out = {CRYO_ANSWER, CRYO_RESULT_DONE, 0, {0}};
    if (!known) {
        out.result = CRYO_RESULT_UNKNOWN_COMMAND;
    } else if (d->read_only) {
        out.result = CRYO_RESULT_READ_ONLY;
    } else {
        struct cryo_command asked = {frame[0], frame + CRYO_HEADER_BYTES};
        cryo_execute(d, &asked, &out, now);
        cryo_drives(d);
    }
    struct cryo_raw *raw;
    if (out.kind == CRYO_ANSWER) {
        raw = answer(d, frame, out.result, out.value, now);
    } else {
        uint8_t length = out.kind == CRYO_PROBE         ? (uint8_t)CRYO_PROBE_BYTES
                         : out.kind == CRYO_CALIBRATION ? (uint8_t)CRYO_CALIBRATION_BYTES
                                                        : (uint8_t)CRYO_LOG_ENTRY_BYTES;
        raw = reply(d, frame, out.kind, length, now);
        if (raw != NULL)
            memcpy(raw->byte + CRYO_HEADER_BYTES, out.payload, length);
    }
    if (raw != NULL)
        d->remembered = *raw;
}

static void frame_came(struct cryo_device *d, const uint8_t *frame, uint32_t now)
{
    uint8_t kind = frame[0];
    bool known = length_of(kind) == frame[1];
    if (kind == CRYO_STOP) { /* in every state, whatever its payload */
        stop(d, frame, now);
    } else if (kind >= CRYO_ANSWER) {
        return; /* a line that loops back: answering would never end */
    } else if (kind == CRYO_HELLO && known) {
        hello(d, frame, now);
    } else if (kind == CRYO_HEARTBEAT || kind == CRYO_EVENT_ACK) {
        if (known && d->session != 0u && cryo_get32(frame + 4) == d->session && !d->read_only)
            unanswered(d, frame, now);
    } else {
        command(d, frame, known, now);
    }
}

void cryo_receive(struct cryo_device *d, uint8_t byte, uint32_t now_ms)
{
    if (byte != 0u) {
        if (d->received_count < CRYO_RECEIVE_BYTES) {
            d->received[d->received_count++] = byte;
        } else if (!d->overrun) {
            d->overrun = true;
            d->flaws[CRYO_FLAW_TOO_LONG]++;
        }
        return;
    }
    uint8_t count = d->received_count;
    bool whole = !d->overrun;
    d->received_count = 0;
    d->overrun = false;
    if (!whole || count == 0u)
        return;
    uint8_t raw[CRYO_RECEIVE_BYTES];
    int size = cryo_decode(d->received, count, raw);
    if (size < 0)
        d->flaws[-size]++;
    else
        frame_came(d, raw, now_ms);
}

/* --- out ------------------------------------------------------------------------------------- */

size_t cryo_transmit(struct cryo_device *d, uint8_t *out, uint32_t now_ms)
{
    uint8_t raw[CRYO_HEADER_BYTES + CRYO_TELEMETRY_BYTES];
    uint8_t *payload = raw + CRYO_HEADER_BYTES;
    if (d->stops_count != 0u) {
        const struct cryo_stop_answer *kept = &d->stops[d->stops_first];
        d->stops_first = (uint8_t)((d->stops_first + 1u) % CRYO_STOP_ANSWERS_KEPT);
        d->stops_count--;
        put_header(raw, CRYO_ANSWER, CRYO_ANSWER_BYTES, kept->sequence, kept->session,
                   kept->at_ms);
        payload[CRYO_ANSWER_COMMAND] = CRYO_STOP;
        payload[CRYO_ANSWER_RESULT] = CRYO_RESULT_DONE;
        cryo_put32(payload + CRYO_ANSWER_VALUE, 0);
        return cryo_encode(raw, CRYO_HEADER_BYTES + CRYO_ANSWER_BYTES, out);
    }
    if (d->answers_count != 0u) {
        const struct cryo_raw *kept = &d->answers[d->answers_first];
        d->answers_first = (uint8_t)((d->answers_first + 1u) % CRYO_ANSWERS_KEPT);
        d->answers_count--;
        return cryo_encode(kept->byte, kept->length, out);
    }
    for (unsigned i = 0; i < d->events_count; i++) {
        struct cryo_event *event = &d->events[(d->events_first + i) % CRYO_EVENTS_KEPT];
        if (!event->due)
            continue;
        event->due = false;
        put_header(raw, CRYO_EVENT, CRYO_EVENT_BYTES, event->number, d->session, now_ms);
        cryo_put16(payload + CRYO_EVENT_NUMBER, event->number);
        payload[CRYO_EVENT_CODE] = event->code;
        payload[CRYO_EVENT_DETAIL] = event->detail;
        cryo_put32(payload + CRYO_EVENT_AT_MS, event->at_ms);
        cryo_put32(payload + CRYO_EVENT_VALUE, (uint32_t)event->value);
        return cryo_encode(raw, CRYO_HEADER_BYTES + CRYO_EVENT_BYTES, out);
    }
    if (d->telemetry_waits) {
        d->telemetry_waits = false;
        put_header(raw, CRYO_TELEMETRY, CRYO_TELEMETRY_BYTES, ++d->telemetry_sequence, d->session,
                   d->telemetry_ms);
        memcpy(payload, d->telemetry, CRYO_TELEMETRY_BYTES);
        return cryo_encode(raw, sizeof raw, out);
    }
    return 0;
}

void cryo_stands(struct cryo_device *d, bool events, uint32_t now_ms)
{
    cryo_measure(d, now_ms);
    for (unsigned i = 0; events && d->session != 0u && i < d->events_count; i++)
        d->events[(d->events_first + i) % CRYO_EVENTS_KEPT].due = true;
}
