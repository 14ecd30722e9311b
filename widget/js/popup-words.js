// What do the popup and the preview say, given a key and the values in the sentence?

import { catalogue } from "../words/popup.js";

/** The sentence under a dotted key, `{name}` replaced by `values.name`; `_one` and `_many` go by `values.count`. */
export function t(key, values = {}) {
  return fill(sentence(key, values), values);
}

/** Whether a sentence stands under this key. */
export function has(key) {
  return typeof find(key) === "string";
}

/** The same sentence as nodes: what stands between two `**` is strong. Values are never read as marks. */
export function parts(key, values = {}) {
  return sentence(key, values).split("**").map((piece, index) => {
    const text = fill(piece, values);
    if (index % 2 === 0) return document.createTextNode(text);
    const strong = document.createElement("strong");
    strong.textContent = text;
    return strong;
  });
}

function sentence(key, values) {
  const form = values.count === undefined ? null : find(`${key}_${values.count === 1 ? "one" : "many"}`);
  const found = typeof form === "string" ? form : find(key);
  return typeof found === "string" ? found : key;
}

function find(key) {
  return key.split(".").reduce((place, name) => (place && typeof place === "object" ? place[name] : undefined), catalogue);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (mark, name) => (values[name] === undefined || values[name] === null ? mark : String(values[name])));
}
