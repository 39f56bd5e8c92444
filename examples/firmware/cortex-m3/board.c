/* The reference device on a Cortex-M3 without an operating system, with the plant in the place of
 * real valves: a pattern for a port, run by `qemu-system-arm -M lm3s6965evb`.
 *
 * Time is read from SysTick as a counter that runs by itself, so that a late turn of the main loop
 * loses none. UART0's interrupt moves bytes into a ring; Timer 0 wakes the loop each millisecond and
 * does nothing else. All of the core runs in the main loop, which waits for nothing but the next
 * interrupt: a STOP is done within one turn of it. The watchdog is fed behind cryo_step() alone.
 */
#include <string.h>

#include "../core/cryo.h"
#include "../plant/plant.h"

#define REG(at) (*(volatile uint32_t *)(at))
#define CLOCK_HZ 12500000u

#define SYSTICK_CONTROL REG(0xE000E010u)
#define SYSTICK_RELOAD REG(0xE000E014u)
#define SYSTICK_VALUE REG(0xE000E018u)
#define NVIC_ENABLE REG(0xE000E100u)
#define APPLICATION_INTERRUPT REG(0xE000ED0Cu)
#define UART0_IRQ 5u
#define TIMER0_IRQ 19u
#define SYSTICK_FULL 0xFFFFFFu /* 1.3 s: longer than the watchdog lets the loop take */

#define TIMER_MODE REG(0x40030004u)
#define TIMER_CONTROL REG(0x4003000Cu)
#define TIMER_INTERRUPTS REG(0x40030018u)
#define TIMER_CLEAR REG(0x40030024u)
#define TIMER_LOAD REG(0x40030028u)

#define UART_DATA REG(0x4000C000u)
#define UART_FLAGS REG(0x4000C018u)
#define UART_BAUD_WHOLE REG(0x4000C024u)
#define UART_BAUD_64TH REG(0x4000C028u)
#define UART_LINE REG(0x4000C02Cu)
#define UART_CONTROL REG(0x4000C030u)
#define UART_INTERRUPTS REG(0x4000C038u)
#define UART_CLEAR REG(0x4000C044u)
#define UART_RECEIVE_EMPTY (1u << 4)
#define UART_SEND_FULL (1u << 5)
#define UART_RECEIVED ((1u << 4) | (1u << 6)) /* FIFO half full, or quiet with bytes in it */

#define WATCHDOG_LOAD REG(0x40000000u)
#define WATCHDOG_CONTROL REG(0x40000008u)
#define WATCHDOG_CLEAR REG(0x4000000Cu)
#define CLOCK_GATES REG(0x400FE100u)
#define CLOCK_GATES_PARTS REG(0x400FE104u)

#define BY_WATCHDOG 0x57414943u /* running; still so after a reset that nobody asked for */
#define ASKED_FOR 0x41534B45u

/* What outlives a reset. */
static struct {
    uint32_t why;
    uint32_t chance;
    struct cryo_memory memory;
} kept __attribute__((section(".kept")));

static struct plant plant;
static struct cryo_device device;
static struct cryo_settings settings;
static struct cryo_port port;

static volatile uint8_t ring[256];
static volatile uint8_t ring_in;
static volatile uint8_t ring_out;

extern uint32_t stack_top, data_begin, data_end, data_kept, bss_begin, bss_end;
void reset(void);
static void fault(void);
static void wake(void);
static void uart(void);

typedef void handler(void);
__attribute__((section(".vectors"), used)) static handler *const VECTORS[16 + 20] = {
    (handler *)&stack_top, reset, fault, fault, fault, fault, fault,
    [11] = fault, [12] = fault, [14] = fault, [15] = fault,
    [16 + UART0_IRQ] = uart, [16 + TIMER0_IRQ] = wake};

static void fault(void)
{
    for (;;) { /* the watchdog ends this, and the valve is shut at the reset */
    }
}

static void wake(void)
{
    TIMER_CLEAR = 1u;
}

/* Whole milliseconds since the last call; what is left over counts for the next. */
static uint32_t passed_ms(void)
{
    static uint32_t before = SYSTICK_FULL, cycles;
    uint32_t at = SYSTICK_VALUE; /* counts down */
    cycles += (before - at) & SYSTICK_FULL;
    before = at;
    uint32_t ms = cycles / (CLOCK_HZ / 1000u);
    cycles -= ms * (CLOCK_HZ / 1000u);
    return ms;
}

static void uart(void)
{
    UART_CLEAR = UART_RECEIVED;
    while ((UART_FLAGS & UART_RECEIVE_EMPTY) == 0u) {
        if ((uint8_t)(ring_in + 1u) == ring_out) { /* full: the main loop must come first */
            UART_INTERRUPTS = 0;
            return;
        }
        ring[ring_in++] = (uint8_t)UART_DATA;
    }
}

static void save(void *board, const struct cryo_memory *memory)
{
    (void)board;
    kept.memory = *memory;
}

static void begins(void)
{
    bool first = kept.why != BY_WATCHDOG && kept.why != ASKED_FOR;
    if (first)
        memset(&kept, 0, sizeof kept);
    kept.chance = (kept.chance + 0x9E3779B9u) | 1u; /* a console has a source of real chance */
    plant_new(&plant, kept.chance);
    plant.inputs.maintenance_switch = true;
    plant_settings(&settings);
    memcpy(settings.serial, "REF-M3-0001", 12);
    plant_port(&plant, &port);
    port.save = save;
    cryo_boot(&device, &settings, &port, &kept.memory, kept.why == BY_WATCHDOG);
    kept.why = BY_WATCHDOG;
}

static void restart(void)
{
    kept.why = ASKED_FOR;
    APPLICATION_INTERRUPT = 0x05FA0004u;
    fault();
}

/* Sends as much as the FIFO takes; whether all of it is out. */
static bool sends(uint32_t now)
{
    static uint8_t out[CRYO_FRAME_BYTES];
    static size_t size, at;
    while ((UART_FLAGS & UART_SEND_FULL) == 0u) {
        if (at == size) {
            at = 0;
            size = cryo_transmit(&device, out, now);
            if (size == 0u)
                return true;
        }
        UART_DATA = out[at++];
    }
    return false;
}

void reset(void)
{
    uint32_t bytes = (uint32_t)((uint8_t *)&data_end - (uint8_t *)&data_begin);
    memcpy(&data_begin, &data_kept, bytes);
    memset(&bss_begin, 0, (size_t)((uint8_t *)&bss_end - (uint8_t *)&bss_begin));
    CLOCK_GATES |= 1u << 3; /* the watchdog */
    CLOCK_GATES_PARTS |= (1u << 16) | 1u; /* timer 0, UART 0 */
    UART_BAUD_WHOLE = CLOCK_HZ / (16u * 115200u);
    UART_BAUD_64TH = (CLOCK_HZ * 4u / 115200u) % 64u;
    UART_LINE = (3u << 5) | (1u << 4); /* 8 bits, FIFO */
    UART_CONTROL = 0x301u;
    UART_INTERRUPTS = UART_RECEIVED;
    SYSTICK_RELOAD = SYSTICK_FULL;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 5u; /* counts, and interrupts nobody */
    TIMER_MODE = 2u;
    TIMER_LOAD = CLOCK_HZ / 1000u - 1u;
    TIMER_INTERRUPTS = 1u;
    TIMER_CONTROL = 1u;
    NVIC_ENABLE = (1u << UART0_IRQ) | (1u << TIMER0_IRQ);
    begins();
    WATCHDOG_LOAD = CLOCK_HZ / 4u; /* bites at the second time: 500 ms */
    WATCHDOG_CONTROL = 3u;

    uint32_t now = 0, owed = 0, stood_ms = 0, stood = 0;
    for (;;) {
        while (ring_out != ring_in)
            cryo_receive(&device, ring[ring_out++], now);
        UART_INTERRUPTS = 0; /* what a full ring has left in the FIFO raises no interrupt again */
        uart();
        UART_INTERRUPTS = UART_RECEIVED;
        for (uint32_t left = passed_ms(); left != 0u; left--) {
            uint16_t scale = device.scale_hundredths; /* of a simulated device alone */
            for (owed += scale; owed >= 100u; owed -= 100u) {
                plant_ms(&plant);
                cryo_step(&device, ++now);
            }
            if (scale == 0u && ++stood_ms % 50u == 0u)
                cryo_stands(&device, ++stood % 4u == 0u, now);
#ifdef HANG_AT_MS
            if (now == HANG_AT_MS && !(device.faults & 1u << CRYO_FAULT_WATCHDOG))
                fault();
#endif
            WATCHDOG_CLEAR = 1u;
        }
        if (!sends(now))
            continue;
        if (cryo_restart_due(&device))
            restart();
        if (ring_out == ring_in)
            __asm__ volatile("wfi"); /* the next tick is at most 1 ms away */
    }
}
