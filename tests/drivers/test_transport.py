"""Opening ports: what goes wrong is said in words; what is opened is opened for us alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import serial

from drivers.transport import (
    PortError,
    PortInfo,
    find_port,
    list_ports,
    open_port,
    usb_serial_of,
)
from drivers.urls._address import arguments
from tests.drivers.conftest import UsbPorts

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")


@pytest.fixture
def terminal():  # type: ignore[no-untyped-def]
    if sys.platform == "win32":
        pytest.skip("pseudo-terminals")
    master, slave = os.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "No port is named"),
        ("/dev/no-such-port", "is not there"),
        ("nonsense://x", "nonsense:// is not a kind of port"),
        ("sim://xenon", "sim://n2o or sim://co2"),
        ("sim://n2o?colour=red", "'colour' is no option"),
        ("sim://n2o?speed=fast", "speed is no number"),
        ("sim://n2o?pace=walk", "pace is one of"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(url: str, said: str) -> None:
    with pytest.raises(PortError) as error:
        open_port(url)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert "Errno" not in str(error.value)


def test_a_refused_connection_is_said() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(PortError, match="refused the connection"):
        open_port(f"socket://127.0.0.1:{port}")


def test_a_file_is_no_port(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(PortError, match=r"no serial port|cannot be opened"):
        open_port(str(file))


@posix
def test_a_port_in_use_is_said(terminal: str) -> None:
    port = open_port(terminal)
    try:
        with pytest.raises(PortError, match="in use by another program"):
            open_port(terminal)
    finally:
        port.close()


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may do anything")
def test_no_permission_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(0o000)
    with pytest.raises(PortError, match="You may not use"):
        open_port(str(file))


def test_no_permission_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise serial.SerialException(13, "could not open port: [Errno 13] Permission denied")

    monkeypatch.setattr(serial, "serial_for_url", refused)
    with pytest.raises(PortError, match="You may not use /dev/ttyX"):
        open_port("/dev/ttyX")


@posix
def test_closing_a_port_does_not_hang_up(terminal: str) -> None:
    import termios

    port = open_port(terminal)
    try:
        assert not termios.tcgetattr(port.fd)[2] & termios.HUPCL
        assert (port.baudrate, port.dtr, port.rts) == (115_200, True, True)
    finally:
        port.close()


def test_ports_are_listed_usb_first(usb_ports: UsbPorts) -> None:
    usb_ports({"/dev/ttyS0": None, "/dev/ttyUSB3": "A1"})
    assert list_ports() == [
        PortInfo("/dev/ttyUSB3", "/dev/ttyUSB3", "A1", (0x403, 0x10)),
        PortInfo("/dev/ttyS0", "/dev/ttyS0"),
    ]


def test_a_port_is_found_by_the_number_of_its_plug(usb_ports: UsbPorts) -> None:
    usb_ports({"/dev/ttyUSB0": "A1", "/dev/ttyUSB1": "0001", "/dev/ttyUSB2": "0001"})
    assert find_port("A1", "/dev/ttyUSB7") == "/dev/ttyUSB0"
    with pytest.raises(PortError, match="/dev/ttyUSB1 and /dev/ttyUSB2 have the same number 0001"):
        find_port("0001", "/dev/ttyUSB2")
    assert usb_serial_of("/dev/ttyUSB2") is None
    with pytest.raises(PortError, match="plug B2, last on /dev/ttyUSB0, is not plugged in"):
        find_port("B2", "/dev/ttyUSB0")
    assert usb_serial_of("/dev/ttyUSB0") == "A1"
    assert usb_serial_of("/dev/ttyUSB7") is None
    assert usb_serial_of("sim://n2o") is None


def test_the_plug_behind_a_link_is_known(usb_ports: UsbPorts, tmp_path: Path) -> None:
    usb_ports({"/dev/null": "A1"})
    link = tmp_path / "by-id"
    link.symlink_to("/dev/null")
    assert usb_serial_of(str(link)) == "A1"


def test_what_a_url_says() -> None:
    assert arguments("sim://n2o") == ["--stdio", "--gas", "n2o"]
    assert arguments("sim://co2?speed=10&pace=lockstep&control=/tmp/a%20b&fault=siphon@3") == [
        *("--stdio", "--gas", "co2", "--speed=10", "--pace=lockstep"),
        *("--control=/tmp/a b", "--fault=siphon@3"),
    ]
    assert arguments("sim://n2o?probe=needle&tissue=gel22&seed=7")[3:] == [
        *("--probe=needle", "--tissue=gel22", "--seed=7")
    ]


@pytest.mark.parametrize(
    "url",
    [
        "sim://n2o/path",
        "sim://n2o#part",
        "sim://n2o?speed=",
        "sim://n2o?speed=1&speed=2",
        "sim://n2o?seed=1e99",
        "sim://n2o?speed=inf",
        "sim://n2o?speed=nan",
        "other://n2o",
    ],
)
def test_nonsense_in_a_url(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(sim|other)://"):
        arguments(url)


def test_the_simulator_is_a_port_that_times_out_and_ends() -> None:
    port = open_port("sim://n2o?pace=lockstep", timeout_s=0.05)
    try:
        pid = port.pid
        assert port.read(1) == b""  # in lockstep nothing comes before HELLO
        assert port.in_waiting == 0
        assert port.write(b"\0\0") == 2
    finally:
        port.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(serial.PortNotOpenError):
        port.read(1)


def test_a_simulator_that_dies_is_an_exception_in_words() -> None:
    port = open_port("sim://n2o", timeout_s=20)
    try:
        assert port.read(1)
        os.kill(port.pid, signal.SIGKILL)
        with pytest.raises(serial.SerialException, match="the simulator has ended"):
            while True:
                port.read(100)
        with pytest.raises(serial.SerialException):
            while True:
                port.write(bytes(64))
    finally:
        port.close()


def test_options_that_only_the_simulator_can_judge_are_told_in_its_words() -> None:
    port = open_port("sim://n2o?fault=gremlins", timeout_s=20)
    try:
        with pytest.raises(serial.SerialException, match="gremlins: no such knob"):
            port.read(1)
    finally:
        port.close()


@posix
def test_a_ctrl_c_meant_for_the_host_does_not_reach_the_simulator() -> None:
    port = open_port("sim://n2o", timeout_s=20)
    try:
        assert os.getpgid(port.pid) != os.getpgid(0)
        assert os.getsid(port.pid) == port.pid
    finally:
        port.close()


@posix
def test_a_blocked_simulator_times_a_write_out() -> None:
    port = open_port("sim://n2o", timeout_s=20)
    try:
        assert port.read(1)
        os.kill(port.pid, signal.SIGSTOP)
        with pytest.raises(serial.SerialTimeoutException):
            for _ in range(10_000):
                port.write(bytes(64))
        os.kill(port.pid, signal.SIGCONT)
    finally:
        port.close()


def test_a_read_is_cancelled_from_another_thread() -> None:
    from threading import Timer

    port = open_port("sim://n2o?pace=lockstep", timeout_s=None)
    try:
        timer = Timer(0.2, port.cancel_read)
        timer.start()
        assert port.read(1) == b""
        timer.join()
    finally:
        port.close()


def test_opening_imports_nothing_heavy() -> None:
    code = (
        "import sys, drivers.transport, drivers.urls.protocol_sim;"
        "heavy = ('numpy', 'simulator', 'PySide6', 'multiprocessing');"
        "print([name for name in heavy if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"


@posix
@pytest.mark.slow
def test_an_orphaned_simulator_ends_with_its_host() -> None:
    """The host is killed: end of input is an unplugged cable."""
    code = (
        "import os, signal; from drivers.transport import open_port;"
        "port = open_port('sim://n2o', timeout_s=20); port.read(1);"
        "print(port.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    pid = int(said.stdout)
    end = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and _runs(pid):
        assert time.monotonic() < end
        time.sleep(0.1)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
