"""Who publishes where: an outlet's name, country, time zone and kind, and whose reports it prints.

Facts from ``outlets.tsv`` beside this file, a public page for each, and from the operator's own file
(``TOCSIN_OUTLETS``). Says nothing of how good an outlet is, and opens nothing but these files.
"""

from shared.outlets.load import COLUMNS, load
from shared.outlets.registry import Kind, Outlet, Registry, Wire

__all__ = ["COLUMNS", "Kind", "Outlet", "Registry", "Wire", "load"]
