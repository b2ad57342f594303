// The pictures on the buttons: strokes in a box of 20 by 20.
const PATHS = {
  undo: "M8 4 4 8l4 4M4 8h7a5 5 0 0 1 0 9H8",
  redo: "m12 4 4 4-4 4M16 8H9a5 5 0 0 0 0 9h3",
  code: "m7 6-4 4 4 4M13 6l4 4-4 4",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1",
  image: "M3 4h14v12H3zM3 14l4-4 3 3 3-3 4 4M7 7.5v.1",
  bullets: "M8 5h9M8 10h9M8 15h9M3.5 5h.1M3.5 10h.1M3.5 15h.1",
  numbers: "M9 5h8M9 10h8M9 15h8M3 4l1.5-1v4M3 13.5c0-2 3-2 3 0 0 1.2-3 2-3 3.500h3",
  tasks: "M10 5h7M10 10h7M10 15h7M3 5l1.5 1.500L7 4M3 14l1.5 1.500L7 13",
  tick: "M3 3h14v14H3zM6 10l3 3 5-6",
  outdent: "M9 5h8M9 10h8M9 15h8M6 7l-3 3 3 3",
  indent: "M9 5h8M9 10h8M9 15h8M3 7l3 3-3 3",
  quote: "M4 5h12M8 10h8M8 15h8M4 9v7",
  codeBlock: "M3 4h14v12H3zM8 8l-2 2 2 2M12 8l2 2-2 2",
  descriptions: "M3 4h6M6 8h11M3 12h6M6 16h11",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M10 4v12",
  rule: "M3 10h14M6 5h8M6 15h8",
  footnote: "M3 6h7M3 10h7M3 14h12M14 4l2-1v5",
  notice: "M10 3l7 13H3zM10 8v4M10 14v.1",
  steps: "M9 5h8M9 15h8M5 3v4M3.5 13h3l-3 4h3",
  keyFacts: "M3 4h14v12H3zM6 8h2M10 8h4M6 12h2M10 12h4",
  figure: "M3 3h14v9H3zM3 10l4-3 3 3 3-2 4 3M5 16h10",
  children: "M3 4h6v4H3zM6 8v8h5M11 14h6v4h-6zM6 11h5",
  labelled: "M3 4h8l6 6-6 6H3zM7 10v.1",
  question: "M7 7a3 3 0 1 1 4 3c-1 .5-1 1-1 2M10 15v.1",
  download: "M10 3v9M6 9l4 4 4-4M3 16h14",
  markdown: "M2 5h16v10H2zM5 12V8l2 2.500L9 8v4M13.5 8v4M12 10.500l1.5 1.5 1.5-1.5",
  up: "M10 16V4M5 9l5-5 5 5",
  down: "M10 4v12M5 11l5 5 5-5",
  rowAbove: "M3 10h14v6H3zM10 2v5M7.5 4.500h5",
  rowBelow: "M3 4h14v6H3zM10 13v5M7.5 15.500h5",
  columnBefore: "M10 3h6v14h-6zM4.5 7.500v5M2 10h5",
  columnAfter: "M4 3h6v14H4zM15.5 7.500v5M13 10h5",
  alignLeft: "M3 5h14M3 10h8M3 15h11",
  alignCenter: "M3 5h14M6 10h8M5 15h10",
  alignRight: "M3 5h14M9 10h8M6 15h11",
  deleteRow: "M3 5h14v5H3zM8 13l4 4M12 13l-4 4",
  deleteColumn: "M4 3h5v14H4zM12 8l4 4M16 8l-4 4",
  deleteTable: "M3 4h14v12H3zM7 7l6 6M13 7l-6 6",
  find: "M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M13 13l4 4",
  full: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
};
const LETTERS = { bold: "B", italic: "I", strike: "S", heading: "H1", subheading: "H2", minor: "H3" };
const SPACE = "http://www.w3.org/2000/svg";

export function icon(name) {
  if (LETTERS[name]) {
    const letter = document.createElement("span");
    letter.className = `letter ${name}`;
    // Drawn by the style sheet: it is no part of the button's name.
    letter.dataset.letter = LETTERS[name];
    return letter;
  }
  const picture = document.createElementNS(SPACE, "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}
