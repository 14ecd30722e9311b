// What do all CRM pages do by themselves: the user switch answers to a choice, no button needed.

const people = document.querySelector("#crm-user");
people.addEventListener("change", () => people.form.submit());
document.querySelector("#user-switch button").hidden = true;
