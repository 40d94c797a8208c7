"""An mdBook preprocessor: chapters that are one include of another file, and links that leave `docs`.

A chapter `{{#include FILE.md}}` becomes the text of FILE, with its links relative to FILE. A link to a file that is a chapter leads to
that chapter. Pictures are put into the page. Every other link into the repository leads to its web page.
"""
import base64
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WEB = "https://github.com/headstart-bench/headstart/blob/main/"
WHOLE = re.compile(r"\s*\{\{#include ([^}:]+\.md)\}\}\s*")
# An image or a link, or a fenced block, in which nothing is a link.
LINK = re.compile(r"(```.*?```|`[^`\n]*`)|(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)", re.DOTALL)
KINDS = {".svg": "image/svg+xml", ".png": "image/png"}


def chapters(items):
    for item in items:
        chapter = item.get("Chapter") if isinstance(item, dict) else None
        if chapter and chapter.get("path"):
            yield chapter
            yield from chapters(chapter["sub_items"])


def source(chapter):
    """The file whose text a chapter shows."""
    file = DOCS / chapter["path"]
    whole = WHOLE.fullmatch(chapter["content"])
    return (file.parent / whole[1]).resolve() if whole else file


def rewritten(text, file, here, pages):
    def link(match):
        code, picture, words, target = match.groups()
        if code or re.match(r"[a-z]+:|#", target):
            return match[0]
        path, _, part = target.partition("#")
        found = Path(os.path.normpath(file.parent / path))
        if not found.exists():
            sys.exit(f"{file.relative_to(ROOT)}: the link to {target} leads nowhere")
        if picture and found.suffix in KINDS:
            data = base64.b64encode(found.read_bytes()).decode()
            return f"![{words}](data:{KINDS[found.suffix]};base64,{data})"
        page = pages.get(found) or pages.get(found / "README.md")
        part = "#" + part if part else ""
        if page:
            return f"{picture}[{words}]({os.path.relpath(page, here.parent)}{part})"
        return f"{picture}[{words}]({WEB}{found.relative_to(ROOT)}{part})"

    return LINK.sub(link, text)


def main():
    if sys.argv[1:2] == ["supports"]:
        sys.exit(0)
    _, book = json.load(sys.stdin)
    all_chapters = list(chapters(book.get("items") or book.get("sections")))
    pages = {source(chapter): Path(chapter["path"]) for chapter in all_chapters}
    for chapter in all_chapters:
        file = source(chapter)
        text = file.read_text(encoding="utf-8") if WHOLE.fullmatch(chapter["content"]) else chapter["content"]
        chapter["content"] = rewritten(text, file, Path(chapter["path"]), pages)
    json.dump(book, sys.stdout)


main()
