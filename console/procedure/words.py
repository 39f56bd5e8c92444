"""How a site is said at the bedside."""

from console.model.plan import Site


def site_name(site: Site) -> str:
    """Side and nerve: "LEFT SAPHENOUS"."""
    return f"{site.side.upper()} {site.nerve.upper()}"
