/* Moves meetings on the board by dragging or by keyboard; without this module each meeting opens
   a form that does the same. What is put down is that form, sent: the server judges it. */

const board = document.querySelector("[data-board]");
const form = document.querySelector("[data-board-form]");
const status = document.querySelector("[data-board-status]");
let picked = null;

function send(meeting, cell) {
  form.action = meeting.href;
  form.elements.slot.value = cell.dataset.slot;
  form.elements.table.value = cell.dataset.table;
  form.submit();
}

function pick(meeting) {
  picked = meeting;
  meeting.classList.add("board__meeting--picked");
  status.textContent = status.dataset.picked;
}

function leave() {
  if (!picked) return;
  picked.classList.remove("board__meeting--picked");
  picked.focus();
  picked = null;
  status.textContent = status.dataset.left;
}

function neighbour(cell, key) {
  const row = cell.parentElement;
  const rows = [...board.tBodies[0].rows];
  const column = cell.cellIndex;
  const at = rows.indexOf(row);
  const found = {
    ArrowLeft: row.cells[column - 1],
    ArrowRight: row.cells[column + 1],
    ArrowUp: rows[at - 1]?.cells[column],
    ArrowDown: rows[at + 1]?.cells[column],
  }[key];
  return found?.dataset.slot ? found : null;
}

function go(cell) {
  cell.tabIndex = -1;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const meeting = event.target.closest?.("[data-meeting]");
  if (!picked) {
    if (meeting && event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      pick(meeting);
    }
    return;
  }
  if (event.key === "Escape") {
    leave();
    return;
  }
  const cell = event.target.closest?.("td[data-slot]");
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    const next = cell ? neighbour(cell, event.key) : board.querySelector("td[data-slot]");
    if (next) go(next);
  } else if (event.key === "Enter" && cell) {
    event.preventDefault();
    send(picked, cell);
  }
});

document.addEventListener("dragstart", (event) => {
  const meeting = event.target.closest?.("[data-meeting]");
  if (!meeting) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", meeting.textContent.trim());
  pick(meeting);
});

document.addEventListener("dragend", leave);

board.addEventListener("dragover", (event) => {
  const cell = event.target.closest("td[data-slot]");
  if (!cell || !picked) return;
  event.preventDefault();
  board.querySelector(".board__cell--over")?.classList.remove("board__cell--over");
  cell.classList.add("board__cell--over");
});

board.addEventListener("drop", (event) => {
  const cell = event.target.closest("td[data-slot]");
  if (!cell || !picked) return;
  event.preventDefault();
  send(picked, cell);
});
