// How do words get out of the catalogue, with their gaps filled?

import { language, words } from "../words/en.js";

const plural = new Intl.PluralRules(language);
const figures = new Intl.NumberFormat(language);

/** The words of `key` as text. A key that is not in the catalogue shows itself, so that it is found. */
export function say(key, values = {}) {
  return told(key, values).join("");
}

/** The same as parts for `el()`: values may be DOM nodes. */
export function told(key, values = {}) {
  return fill(chosen(key, values.count), values);
}

/** Fills {name} gaps in any text, counts with their thousands apart; a gap without a value stays. */
export function fill(template, values) {
  const parts = template.split(/(\{[a-z_]+\})/);
  return parts
    .map((part) => {
      const name = /^\{([a-z_]+)\}$/.exec(part)?.[1];
      return name !== undefined && values[name] !== undefined ? written(values[name]) : part;
    })
    .filter((part) => part !== "");
}

function written(value) {
  return typeof value === "number" ? figures.format(value) : value;
}

function chosen(key, count) {
  const entry = words[key] ?? key;
  if (typeof entry === "string") {
    return entry;
  }
  return (count === 2 && entry.two) || entry[plural.select(count ?? 0)] || entry.other;
}

export { language };
