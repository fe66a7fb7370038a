// Lets xterm.js live under `style-src 'self'`: it wants to insert <style> elements, which the policy refuses.
// The bundle calls this instead of `document.createElement("style")` (see ../scripts/strict-csp.mjs).

/** An element that takes CSS by `textContent` like <style>, and applies it as a constructed style sheet of its document. */
export function styleElement(document) {
  const element = document.createElement("span");
  const sheet = new CSSStyleSheet();
  let text = "";
  element.hidden = true;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", {
    get: () => text,
    set: (css) => {
      text = css;
      sheet.replaceSync(css);
    },
  });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
