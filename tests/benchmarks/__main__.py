"""The command line of the benchmarks."""

from pathlib import Path

import click

from tests.benchmarks import catalogue, plot, table

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…", type=click.Choice(list(catalogue.TITLES)))
@click.option("--write", is_flag=True, help="Put tables and pictures into docs/performance.md.")
def main(names: tuple[str, ...], write: bool) -> None:
    """Measure, and print a table of each benchmark; all of them if none is named."""
    for name in names or catalogue.TITLES:
        figures = list(catalogue.measure(name))
        click.echo(table.text(catalogue.TITLES[name], figures))
        if write:
            table.write(PAGE, name, figures)
            plot.write(PAGE.with_suffix(""), name, catalogue.TITLES[name], figures)


if __name__ == "__main__":
    main()
