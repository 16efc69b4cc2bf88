"""The command line of the fuzzing."""

import sys
import time

import click

from tests.fuzz.campaign import NAMES, Campaign


@click.command()
@click.argument("targets", nargs=-1, metavar="[TARGET]…", type=click.Choice(NAMES))
@click.option("--minutes", default=5.0, show_default=True, help="How long, for all targets together.")
@click.option("--seed", type=int, help="Where chance begins; by default somewhere else each time.")
def main(targets: tuple[str, ...], minutes: float, seed: int | None) -> None:
    """Look for inputs that fail, and keep each in tests/fuzz/seeds.json; all targets if none is named."""
    seed = int(time.time()) if seed is None else seed
    click.echo(f"seed {seed}")
    campaign = Campaign(targets or NAMES, minutes, seed, lambda line: click.echo(f"{time.strftime('%H:%M:%S')} {line}"))
    sys.exit(0 if campaign.run() else 1)


if __name__ == "__main__":
    main()
