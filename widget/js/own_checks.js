// When is an invoice checked by itself? Once for each state in which it is met, and never in a loop.

import { mayLook } from "./permitted.js";
import { wantsCheck } from "./record.js";

/** `always`: check before anything else, whatever was checked before (the popup). */
export function createOwnChecks(always) {
  let seen = null;

  const met = (record) => `in Xero: ${record?.link?.status ?? "no"}`;

  return {
    /** Whether one is due now. While CRM's own fields are still awaited, only where there is no check at all. */
    due({ record, user, run, asked, figures }, now) {
      if (!record || !user || run || asked || (always ? seen !== null : seen === met(record))) {
        return false;
      }
      if (always) {
        return record.setup.ready && mayLook(record) && !record.run;
      }
      return (figures !== undefined || !record.check) && wantsCheck(record, figures, now);
    },

    made(record) {
      seen = met(record);
    },

    forget() {
      seen = null;
    },
  };
}
