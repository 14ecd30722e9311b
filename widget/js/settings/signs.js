// Which signs has only the settings page? 16 px, drawn with a pen; hidden from screen readers as all icons.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = {
  chevron: ["m4 6.3 4 4 4-4"],
  star: ["M8 1.8 9.6 6.4 14.2 8l-4.6 1.6L8 14.2 6.4 9.6 1.8 8l4.6-1.6L8 1.8Z"],
  search: ["M11.2 11.2 14 14", "M7 2.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6Z"],
  dots: ["M3.5 8h.1M8 8h.1M12.5 8h.1"],
  mark: ["M2 12.8h12M3.2 12.6V9.5M12.8 12.6V9.5M1.8 6.8c3 0 3.2-3.2 6.2-3.2s3.2 3.2 6.2 3.2M5.6 12.6V6M8 12.6V5M10.4 12.6V6"],
};

export function sign(name) {
  const svg = made("svg", { viewBox: "0 0 16 16", class: `icon sign-${name}`, "aria-hidden": "true", focusable: "false" });
  svg.append(...SIGNS[name].map((d) => made("path", { d })));
  return svg;
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}
