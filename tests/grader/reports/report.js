// index.html works without this script. The script finds a submission by its name and
// sorts the marks. The arrow keys go from sign to sign, so a table of signs is one stop of
// the Tab key instead of thousands.
"use strict";
const rows = (table) => [...table.tBodies[0].rows];
const tables = [...document.querySelectorAll(".marks, .heat")];

function find() {
  const box = document.createElement("p");
  box.className = "find";
  box.innerHTML = '<label for=find>Find a submission</label> <input type=search id=find autocomplete=off> <span role=status></span>';
  document.querySelector("#marks").after(box);
  box.querySelector("input").addEventListener("input", (event) => {
    const words = event.target.value.trim().toLowerCase();
    for (const table of tables)
      for (const row of rows(table))
        row.hidden = !row.cells[0].textContent.toLowerCase().includes(words);
    const shown = rows(tables[0]).filter((row) => !row.hidden).length;
    box.querySelector("span").textContent = words && `${shown} shown`;
  });
}

// A row without a mark comes last in both orders.
function sort(table, column, button) {
  const th = button.closest("th");
  const up = th.ariaSort ? th.ariaSort === "descending" : column === 0;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  th.ariaSort = up ? "ascending" : "descending";
  const value = (row) => row.cells[column].textContent;
  const compare = (a, b) => {
    if (column === 0) return value(a).localeCompare(value(b)) * (up ? 1 : -1);
    const [x, y] = [a, b].map((row) => parseFloat(value(row)));
    return isNaN(x) - isNaN(y) || (up ? x - y : y - x) || 0;
  };
  table.tBodies[0].append(...rows(table).sort(compare));
}

function sortable(table) {
  [...table.tHead.rows[0].cells].forEach((th, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...(th.querySelector("a") ?? th).childNodes);
    button.title = `sort by ${th.querySelector("a")?.title ?? button.textContent}`;
    th.replaceChildren(button);
    button.addEventListener("click", () => sort(table, column, button));
  });
}

function arrows(table) {
  const links = (row) => [...row.querySelectorAll("td a")];
  const first = table.querySelector("td a");
  for (const link of table.querySelectorAll("td a")) link.tabIndex = link === first ? 0 : -1;
  table.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const cell = event.target.closest("td");
    if (!move || !cell) return;
    event.preventDefault();
    const shown = rows(table).filter((row) => !row.hidden && row.querySelector("td a"));
    const row = shown[shown.indexOf(cell.parentNode) + move[0]];
    const next = row && links(row)[links(cell.parentNode).indexOf(event.target) + move[1]];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

find();
sortable(tables[0]);
tables.slice(1).forEach(arrows);
