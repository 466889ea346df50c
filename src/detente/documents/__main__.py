"""`python -m detente.documents` rewrites the published schema of all documents."""

from detente.documents.published import write

if __name__ == "__main__":
    write()
