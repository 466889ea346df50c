"""Write docs/glossary.md from the glossary of the package.

.venv/bin/python data-build/glossary.py
"""

from __future__ import annotations

from pathlib import Path

from detente.report.glossary import glossary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
HEAD = """# Glossary

The terms that commands, app, brief and docs use, each in one sense. Those marked with ° stand in
details only, where readers find the explanation beside them.

"""


def page() -> str:
    """The page as text."""
    lines = [
        f"**{t.term}**{'' if t.front else ' °'}  \n{' '.join(t.meaning.split())}\n"
        for t in sorted(glossary(), key=lambda t: t.term.lower())
    ]
    return HEAD + "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
