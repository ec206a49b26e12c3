"""Three small invented newspapers on loopback, and the tour that crawls them twice."""

from crawler.demo.server import demo_sites
from crawler.demo.site import DemoSite, Response

__all__ = ["DemoSite", "Response", "demo_sites"]
