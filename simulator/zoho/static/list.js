// What does the invoice list do by itself: how many are selected, and what can be done with them?

const form = document.querySelector("#list");
const all = document.querySelector("#all");
const chosen = document.querySelector("#chosen");
const boxes = [...form.querySelectorAll("input[name=record]")];
const buttons = [...form.querySelectorAll("[data-needs]")];

function show() {
  const count = boxes.filter((box) => box.checked).length;
  chosen.textContent = count === 0 ? "None selected" : `${count} selected`;
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  for (const button of buttons) {
    button.disabled = button.dataset.needs === "one" ? count !== 1 : count === 0;
  }
  for (const box of boxes) {
    box.closest("tr").classList.toggle("picked", box.checked);
  }
}

all.addEventListener("change", () => {
  for (const box of boxes) {
    box.checked = all.checked;
  }
  show();
});
form.addEventListener("change", show);
// Browsers bring old ticks back when one returns to the page.
window.addEventListener("pageshow", show);
show();
