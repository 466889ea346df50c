import ast
import importlib
import inspect
import pkgutil

import detente


def packages():
    yield detente
    for found in pkgutil.walk_packages(detente.__path__, "detente."):
        if found.ispkg:
            yield importlib.import_module(found.name)


def test_no_public_name_is_also_that_of_a_module_beside_it():
    # Once imported, a module takes the place of a function of its name in the package.
    hidden = {
        f"{package.__name__}.{name}"
        for package in packages()
        for name in {m.name for m in pkgutil.iter_modules(package.__path__)}
        & set(getattr(package, "__all__", imported(package)))
    }
    assert not hidden


def imported(package):
    """The names that a package without `__all__` takes from its modules."""
    tree = ast.parse(inspect.getsource(package))
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_every_public_name_is_there():
    missing = {
        f"{package.__name__}.{name}"
        for package in packages()
        for name in getattr(package, "__all__", ())
        if not _there(package, name)
    }
    assert not missing


def _there(package, name):
    try:
        return hasattr(package, name)
    except ModuleNotFoundError:
        return False
