// Who is meant by a CRM user's id? Looked up once each, for lines such as "by Mia Chen".

import { userName } from "./crm.js";

/** `names`: id → name, those being looked up as null. `onFound(names)` hears of each new one. */
export function createPeople(names, onFound) {
  let known = names;
  return {
    async name(id, record) {
      if (!id || id in known) {
        return;
      }
      known[id] = null;
      const { viewer } = record ?? {};
      const found = viewer?.user_id === id ? viewer.name : await userName(id);
      if (found) {
        known = { ...known, [id]: found };
        onFound(known);
      }
    },
  };
}
