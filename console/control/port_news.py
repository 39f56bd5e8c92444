"""News of the port as inputs of the core."""

from console.control.core import PORT_FAILED, PORT_LOST, PORT_OPENED, Input
from console.control.loop import chunk_input
from console.records.entries import PortIn
from drivers import serial_console


def port_input(news: serial_console.News, opened: str, named: str) -> Input:
    """`named` is the port's name in the record and on the screen, `opened` what was opened for it:
    a simulator's address may say more. The loop stamps it."""
    match news:
        case serial_console.Opened():
            return PortIn(0.0, PORT_OPENED, "")
        case serial_console.Failed():
            return PortIn(0.0, PORT_FAILED, news.words.replace(opened, named))
        case serial_console.Lost():
            return PortIn(0.0, PORT_LOST, news.words.replace(opened, named))
        case serial_console.Chunk():
            return chunk_input(0.0, news.raw)
