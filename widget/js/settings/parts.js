// What stands on the page for each part of the settings: typed, suggested or saved? And what of it is not saved yet?

const isObject = (value) => value !== null && typeof value === "object";
const isNothing = (value) => value === null || value === undefined || value === "";

/** A set of taxes, or every set of a rate, by one name. */
export function taxKey({ rate, taxes }) {
  return taxes ? `${rate}|${[...taxes].sort().join("+")}` : `${rate}|`;
}

/** A part as single values by their place, so that two states of it can be laid beside each other. */
export function flat(part, value) {
  if (part === "taxes") {
    return new Map((value ?? []).map((rule) => [taxKey(rule), rule.tax_type]).filter(([, type]) => type));
  }
  if (part === "tracking") {
    return new Map((value ?? []).map((rule) => [rule.category, `${rule.from}:${rule.field ?? rule.option ?? ""}`]));
  }
  return new Map(leaves("", value));
}

function leaves(path, value) {
  if (Array.isArray(value)) {
    return [[path, [...value].sort().join(",")]];
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([name, inner]) => leaves(path ? `${path}.${name}` : name, inner));
  }
  return isNothing(value) ? [] : [[path, value]];
}

/** The places at which two states of a part differ. */
export function apart(part, one, other) {
  const [a, b] = [flat(part, one), flat(part, other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((place) => a.get(place) !== b.get(place));
}

function filled(part, now, ours) {
  if (part === "taxes") {
    const known = new Set((now ?? []).map(taxKey));
    return [...(now ?? []), ...ours.filter((rule) => !known.has(taxKey(rule)))];
  }
  return isObject(now) && isObject(ours) && !Array.isArray(now) ? { ...ours, ...now } : isNothing(now) ? ours : now;
}

/**
 * The parts of one page. `page()` is what the server last said. What is typed stays until it is saved or discarded,
 * whatever the server says meanwhile.
 */
export function createParts(page) {
  const typed = new Map();
  const bases = new Map(); // what was saved when a person began to type over it
  const others = new Map(); // whose save a part met: later saves elsewhere are somebody else's
  const accepted = new Set();

  const saved = (part) => page()?.[part] ?? null;
  const suggested = (part) => page()?.suggested?.[part];
  const value = (part) => (typed.has(part) ? typed.get(part) : (suggested(part) ?? saved(part)));

  /** Places that hold what we suggest and nobody has accepted yet. */
  function suggestions(part) {
    if (accepted.has(part) || suggested(part) === undefined) {
      return [];
    }
    const [ours, now] = [flat(part, suggested(part)), flat(part, value(part))];
    return apart(part, value(part), saved(part)).filter((place) => now.has(place) && ours.get(place) === now.get(place));
  }

  /** Places that a person changed, or whose suggestion they accepted. */
  function changes(part) {
    const open = new Set(suggestions(part));
    return typed.has(part) ? apart(part, typed.get(part), saved(part)).filter((place) => !open.has(place)) : [];
  }

  const differ = (part) => apart(part, typed.get(part), saved(part)).length > 0;
  const isClash = (part) => typed.has(part) && differ(part) && apart(part, bases.get(part), saved(part)).length > 0;

  /** What stood there is what a person types over; typed back to what is saved, they begin anew. */
  function take(part, now, base = saved(part)) {
    if (!typed.has(part) || !differ(part)) {
      bases.set(part, base);
    }
    typed.set(part, now);
    meet(part);
  }

  function meet(part) {
    if (!isClash(part)) {
      others.delete(part);
    } else if (!others.has(part)) {
      others.set(part, { name: page().changed_by_name, at: page().changed_at });
    }
  }

  function forget(parts) {
    for (const part of parts) {
      typed.delete(part);
      bases.delete(part);
      others.delete(part);
      accepted.delete(part);
    }
  }

  const some = (parts, ask) => parts.reduce((count, part) => count + ask(part).length, 0);

  return {
    saved,
    value,
    suggestions,
    changes,
    isSuggested: (part, place = "") => suggestions(part).includes(place),
    isTyped: (part) => typed.has(part),
    countChanges: (parts) => some(parts, changes),
    countSuggestions: (parts) => some(parts, suggestions),

    /** Parts that somebody else saved since a person here began to type: to save them is to write over theirs. */
    clashing: (parts) => parts.filter(isClash),

    /** Who saved it meanwhile: {name, at}. */
    other: (part) => others.get(part),

    /** `base`: what was saved when it was seen, where that is not what is saved now. */
    set: take,

    /** A person has seen both states: ours may be saved over what is saved now. */
    seen(parts) {
      for (const part of parts.filter((each) => typed.has(each))) {
        bases.set(part, saved(part));
        meet(part);
      }
    },

    /** Another page of the server takes the place of this one. `ours`: by our own save, so nobody else's is in it. */
    turn(swap, ours) {
      const before = new Map([...typed.keys()].map((part) => [part, { at: saved(part), same: !differ(part), clash: isClash(part) }]));
      swap();
      for (const [part, { at, same, clash }] of before) {
        if (apart(part, at, saved(part)).length && same) {
          forget([part]); // nothing was changed here
        } else if (ours && !clash) {
          bases.set(part, saved(part));
        }
        meet(part);
      }
    },

    accept(parts) {
      for (const part of parts.filter((each) => suggestions(each).length)) {
        take(part, value(part));
        accepted.add(part);
      }
    },

    /** What is still empty takes what we suggest; what was typed stays. */
    fill(parts) {
      for (const part of parts.filter((each) => typed.has(each) && suggested(each) !== undefined)) {
        take(part, filled(part, typed.get(part), suggested(part)));
      }
    },

    forget,

    /** What a save of these parts, or a try, would send: all that is seen and not saved. */
    unsaved(parts) {
      const news = parts.filter((part) => apart(part, value(part), saved(part)).length);
      return Object.fromEntries(news.map((part) => [part, value(part)]));
    },
  };
}
