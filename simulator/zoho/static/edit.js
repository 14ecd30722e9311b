// What does the edit form do by itself: lines come and go, and a chosen product brings its price?

const lines = document.querySelector("#lines");
const blueprint = document.querySelector("#new-line");
let added = 0;

function count() {
  lines.querySelectorAll("[data-number]").forEach((place, number) => {
    place.textContent = number + 1;
  });
}

function add() {
  added += 1;
  const line = blueprint.content.firstElementChild.cloneNode(true);
  for (const entry of line.querySelectorAll("[name]")) {
    entry.name = entry.name.replace("line.new-.", `line.new-${added}.`);
  }
  line.querySelector("[name=line]").value = `new-${added}`;
  lines.append(line);
  count();
  line.querySelector("select").focus();
}

function remove(line) {
  const next = line.nextElementSibling?.matches("[data-line]") ? line.nextElementSibling : line.previousElementSibling;
  line.remove();
  count();
  (next?.querySelector("[data-remove]") ?? document.querySelector("#add-line")).focus();
}

if (lines) {
  document.querySelector("#add-line").addEventListener("click", add);
  lines.addEventListener("click", (event) => {
    if (event.target.matches("[data-remove]")) {
      remove(event.target.closest("[data-line]"));
    }
  });
  lines.addEventListener("change", (event) => {
    const price = event.target.selectedOptions?.[0]?.dataset.price;
    if (event.target.name?.endsWith(".product") && price) {
      event.target.closest("[data-line]").querySelector("[name$='.price']").value = price;
    }
  });
  const taken = [...lines.querySelectorAll("[name=line]")].map((entry) => /^new-(\d+)$/.exec(entry.value)?.[1] ?? 0);
  added = Math.max(0, ...taken.map(Number));
}
