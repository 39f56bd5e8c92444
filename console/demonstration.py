"""`make run`: the application connected to the simulator, or, where there is no display, the
demonstration plan headless at 20 times life speed."""

from importlib import resources

from console import cli
from console.display import missing_display

SPEED = 20


def main() -> None:
    """Ends as the command does that it stands for."""
    reason = missing_display()
    if reason is None:
        cli.main(["--port", "sim://n2o"])
    print(f"No window: {reason}.")
    print(f"Running the demonstration headless, at {SPEED} times life speed.", flush=True)
    with resources.as_file(resources.files("console").joinpath("demonstration.toml")) as plan:
        cli.main(
            [
                "run",
                str(plan),
                "--port",
                f"sim://n2o?speed={SPEED}",
                "--operator",
                "DEMO",
                "--report",
            ]
        )


if __name__ == "__main__":
    main()
