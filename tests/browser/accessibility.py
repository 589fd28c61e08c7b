"""What axe-core, the usual judge of web pages, finds wrong in a page, as lines of text."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What is not ours to mend, by axe's rule and the place.
# A picture that a cell of matplotlib's shows: JupyterLab gives it no alternative text, and nor do
# nbconvert's pages. What it shows is stored with the lesson ("alt"), and the slides say it.
IN_JUPYTERLAB = {"image-alt": ".jp-RenderedImage img"}
# The style of nbconvert's pages: pale prompts, pale comments, links that are not underlined.
ON_PAGES = {
    "color-contrast": ".jp-InputPrompt, .jp-OutputPrompt, .highlight *",
    "link-in-text-block": ".jp-RenderedMarkdown a",
}

RUN = """async (places) => {
    const include = places.filter((place) => document.querySelector(place)).map((place) => [place]);
    const { violations } = await axe.run({ include }, {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        rules: { "empty-table-header": { enabled: true }, "target-size": { enabled: true } },
    });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => (
        { id, help, html: node.html, target: node.target.flat().join(" ") }
    )));
}"""
IS_AT = "([target, place]) => document.querySelector(target)?.matches(place) ?? false"


def violations(page: Page, places: list[str], known: dict[str, str]) -> tuple[list[str], set[str]]:
    """What is wrong at these places, a line each; and which of the known rules were broken.

    Parameters
    ----------
    page : it may have been judged before.
    places : CSS selectors; whatever matches one of them is judged.
    known : by rule, a selector of what is passed over.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    lines, met = [], set()
    for found in page.evaluate(RUN, places):
        rule, target = found["id"], found["target"]
        if rule in known and page.evaluate(IS_AT, [target, known[rule]]):
            met.add(rule)
        else:
            lines.append(f"{rule}: {found['help']}: {found['html'][:120]} at {target[-120:]}")
    return lines, met
