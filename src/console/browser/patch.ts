/**
 * Makes an element like another one. Elements that are alike stay, so that focus, a selection and
 * the place of a scrolled table do not move; whatever holds the focus is never replaced, and what
 * somebody opened stays open.
 */
function patch(old: Element, fresh: Element): void {
  const isDetails = old.tagName === 'DETAILS';
  for (const { name } of [...old.attributes]) {
    const isOpened = isDetails && name === 'open';
    if (!isOpened && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  patchChildren(old, [...fresh.childNodes]);
}

/** Makes the children of an element like those in a text of HTML. */
export function patchInside(old: Element, html: string): void {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  patchChildren(old, [...body.childNodes]);
}

function patchChildren(old: Element, fresh: readonly ChildNode[]): void {
  const before = [...old.childNodes];
  for (const [index, node] of fresh.entries()) {
    const known = before[index];
    if (known === undefined) old.append(document.importNode(node, true));
    else patchNode(known, node);
  }
  for (const extra of before.slice(fresh.length)) if (!hasFocus(extra)) extra.remove();
}

function patchNode(known: ChildNode, node: ChildNode): void {
  if (known instanceof Element && node instanceof Element && known.tagName === node.tagName) {
    patch(known, node);
  } else if (known.nodeType === Node.TEXT_NODE && node.nodeType === Node.TEXT_NODE) {
    if (known.nodeValue !== node.nodeValue) known.nodeValue = node.nodeValue;
  } else if (!hasFocus(known)) known.replaceWith(document.importNode(node, true));
}

function hasFocus(node: Node): boolean {
  return document.activeElement !== document.body && node.contains(document.activeElement);
}
