/* Frames: COBS, five check bytes, a zero. */
#include "internal.h"

#define CHECK_BYTES 5u
#define SHORTEST (CRYO_HEADER_BYTES + 1u + CHECK_BYTES)

uint32_t cryo_crc(const uint8_t *bytes, size_t size)
{
    /* Half a byte at a time: 64 bytes of table instead of 1,024, and fast enough for a line. */
    static const uint32_t table[16] = {
        0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u, 0x417B1DBCu, 0x5125DAD3u,
        0x61C69362u, 0x7198540Du, 0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u,
        0xC38D26C4u, 0xD3D3E1ABu, 0xE330A81Au, 0xF36E6F75u};
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        crc = (crc >> 4) ^ table[crc & 15u];
        crc = (crc >> 4) ^ table[crc & 15u];
    }
    return ~crc;
}

static void check_of(const uint8_t *stuffed, size_t size, uint8_t *check)
{
    uint32_t crc = cryo_crc(stuffed, size);
    for (unsigned i = 0; i < CHECK_BYTES; i++) {
        check[i] = (uint8_t)(0x80u | (crc & 0x7Fu));
        crc >>= 7;
    }
}

size_t cryo_encode(const uint8_t *raw, size_t size, uint8_t *out)
{
    size_t distance_at = 0, at = 1;
    for (size_t i = 0; i < size; i++) {
        if (raw[i] == 0u) {
            out[distance_at] = (uint8_t)(at - distance_at);
            distance_at = at++;
        } else {
            out[at++] = raw[i];
        }
    }
    out[distance_at] = (uint8_t)(at - distance_at);
    check_of(out, at, out + at);
    at += CHECK_BYTES;
    out[at++] = 0u;
    return at;
}

int cryo_decode(const uint8_t *bytes, size_t size, uint8_t *raw)
{
    if (size < SHORTEST)
        return -(int)CRYO_FLAW_TOO_SHORT;
    if (size >= CRYO_FRAME_BYTES)
        return -(int)CRYO_FLAW_TOO_LONG;
    size_t stuffed = size - CHECK_BYTES;
    uint8_t check[CHECK_BYTES];
    check_of(bytes, stuffed, check);
    if (memcmp(check, bytes + stuffed, CHECK_BYTES) != 0)
        return -(int)CRYO_FLAW_CHECK;
    size_t count = 0;
    for (size_t at = 0; at < stuffed;) {
        size_t end = at + bytes[at];
        if (end > stuffed)
            return -(int)CRYO_FLAW_STUFFING;
        if (at != 0u)
            raw[count++] = 0u;
        for (at++; at < end; at++)
            raw[count++] = bytes[at];
    }
    if (raw[1] != count - CRYO_HEADER_BYTES)
        return -(int)CRYO_FLAW_LENGTH;
    return (int)count;
}

uint16_t cryo_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] | (unsigned)at[1] << 8);
}

uint32_t cryo_get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void cryo_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void cryo_put32(uint8_t *at, uint32_t value)
{
    cryo_put16(at, value);
    cryo_put16(at + 2, value >> 16);
}
