// How are elements made? From names, properties and text; never from a string of HTML.

/**
 * `props`: `class`, `text` and `on` (event name → listener) are special, `data` becomes data attributes, false and
 * null are left out, everything else is an attribute. Children are nodes, texts, or lists of them; null is left out.
 */
export function el(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    set(element, key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) {
    return;
  }
  if (key === "class") {
    element.className = value;
  } else if (key === "text") {
    element.textContent = value;
  } else if (key === "on") {
    Object.entries(value).forEach(([name, listener]) => element.addEventListener(name, listener));
  } else if (key === "data") {
    Object.entries(value).forEach(([name, text]) => (element.dataset[name] = text));
  } else {
    element.setAttribute(key, value === true ? "" : value);
  }
}
