"""Customs files as their publishers give them, and the user's own library of them.

`read_customs` reads a file of CEPII, UN Comtrade, WITS, the US Census or Eurostat. `add_data` keeps
it under a name in the user's data folder; `list_data`, `remove_data` and `load_data` go with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente._lazy import lazy

if TYPE_CHECKING:
    from detente.world.customs.library import Dataset as Dataset
    from detente.world.customs.library import add_data as add_data
    from detente.world.customs.library import data_folder as data_folder
    from detente.world.customs.library import list_data as list_data
    from detente.world.customs.library import load_data as load_data
    from detente.world.customs.library import load_good as load_good
    from detente.world.customs.library import remove_data as remove_data
    from detente.world.customs.records import CustomsFileError as CustomsFileError
    from detente.world.customs.records import CustomsRecords as CustomsRecords
    from detente.world.customs.records import read_customs as read_customs

_HOMES = {
    "CustomsFileError": "records",
    "CustomsRecords": "records",
    "Dataset": "library",
    "add_data": "library",
    "data_folder": "library",
    "list_data": "library",
    "load_data": "library",
    "load_good": "library",
    "read_customs": "records",
    "remove_data": "library",
}

__all__ = list(_HOMES)
__getattr__ = lazy("detente.world.customs", _HOMES)
